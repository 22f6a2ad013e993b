import { expect, test } from 'vitest';
import { imagesText, type ImagesText } from '#engine/predict/program/text/images.ts';

const arrays = { kind: 'arrays' } as const;
const written = (more: Partial<ImagesText> = {}) =>
  imagesText({ input: [8, 6, 3], augmented: false, shuffled: true, weighted: false, reading: arrays, ...more });
const pictures = { kind: 'pictures', folders: { '': '/photos' }, fit: 'crop' } as const;

test('arrays are read as they are', () => {
  const text = written();
  expect(text).toContain('HEIGHT, WIDTH, CHANNELS = 8, 6, 3');
  expect(text).toContain('mmap_mode="r"');
  expect(text).not.toMatch(/PIL|gzip|csv|weights|augment|\n\n\n\n| \n/);
});

test.each([
  ['weights of images', { weighted: true }, ['split.weights[shown]', '(*SIGNATURE, WEIGHTS)']],
  ['changes', { augmented: true }, ['import augment', 'augment.images(pixels, seed, number, places)']],
  [
    'changes and weights',
    { augmented: true, weighted: true },
    ['changed(pixels, labels, counted, total, weights, number, places)'],
  ],
  ['IDX files', { reading: { kind: 'idx', pairs: [['a', 'b']] } }, ['PAIRS = [\n    ("a", "b"),\n]', 'gzip.open']],
  ['pictures of one folder', { reading: pictures }, ['FOLDER = "/photos"', 'return Path(FOLDER, file)']],
  [
    'pictures of several',
    { reading: { ...pictures, folders: { cats: '/a/cats', 'cats (2)': '/b/cats' } } },
    ['    "cats (2)": "/b/cats",', 'return Path(FOLDERS[folder], rest)'],
  ],
  [
    'grey pictures',
    { reading: pictures, input: [8, 6, 1] },
    ['grey = Image.fromarray(resized(pixels, HEIGHT, WIDTH)).convert("L")'],
  ],
  ['pictures with black beside', { reading: { ...pictures, fit: 'pad' } }, ['np.pad(']],
  ['pictures as wide as they come', { reading: { ...pictures, fit: 'stretch' } }, ['resized(pixels, HEIGHT, WIDTH)']],
] satisfies [string, Partial<ImagesText>, string[]][])('%s', (_, more, lines) => {
  const text = written(more);
  for (const line of lines) expect(text).toContain(line);
  expect(text).not.toMatch(/\n\n\n\n| \n/);
});

test('images in their own order are not shuffled, and nothing is drawn for them', () => {
  const text = written({ shuffled: false });
  expect(text).toContain('order = np.arange(count)');
  expect(text).not.toMatch(/sfc32|seed/);
});
