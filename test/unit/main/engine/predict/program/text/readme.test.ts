import { expect, test } from 'vitest';
import type { RunFacts } from '#engine/predict/program/run-facts.ts';
import { readmeText, requirements, type ReadmeText } from '#engine/predict/program/text/readme.ts';

const pictures = { kind: 'pictures', folders: { cats: '/a/cats', dogs: '/b/dogs' }, fit: 'crop' } as const;
const run = {
  ...{ name: 'A *run*', presetName: 'Lite', datasetName: 'pets', epochsDone: 2 },
  ...{ settings: { epochs: 2 }, test: { count: 4, loss: 0.25, accuracy: 0.75 } },
};

function written(more: Partial<ReadmeText> = {}, change: object = {}): string {
  const facts = {
    ...{ run: { ...run, ...change }, model: { pixels: { kind: 'none' } } },
    data: { height: 8, width: 6, channels: 3, classes: ['a', 'b'] },
    splits: [
      { name: 'train', places: { length: 1200 } },
      { name: 'test', places: { length: 4 } },
    ],
  } as unknown as RunFacts;
  return readmeText({ facts, reading: { kind: 'arrays' }, first: true, kept: true, notes: ['One.'], ...more });
}

test('a stranger reads what it is, how it is run and what should come of it', () => {
  const text = written();
  for (const words of [
    ...['# A \\*run\\*', 'Lite on pets (1,200 train, 4 test images of 8 × 6 × 3, 2 classes)', 'pip install -r'],
    ...['2 epochs came to a loss of 0.2500 on the test images, 75.00 % of them right', '--fresh', '--check', '- One.'],
    ...['launch.py --workers 2', 'SLURM', 'results.json', 'first.keras'],
  ]) {
    expect(text).toContain(words);
  }
  expect(text).not.toMatch(/undefined|false|null|\n\n\n|augment/);
  for (const line of text.split('\n')) expect(/^[| ]/.test(line) || line.length <= 130, line).toBe(true);
});

test.each<[string, string, string]>([
  ['pictures of several folders', written({ reading: pictures }), '`FOLDERS` of images.py'],
  ['pictures of one', written({ reading: { ...pictures, folders: { '': '/a' } } }), '`FOLDER` of images.py'],
  ['IDX files', written({ reading: { kind: 'idx', pairs: [] } }), '`PAIRS` of images.py'],
  [
    'a fine-tuned run',
    written({}, { tuned: { base: 'EfficientNet-Lite0', trained: 2562, frozen: 3_400_000, fresh: [] } }),
    'It begins with the weights of EfficientNet-Lite0. 2,562 of its parameters are trained; 3,400,000 stay as they are',
  ],
])('%s', (_, text, words) => {
  expect(text).toContain(words);
  expect(text).not.toMatch(/undefined|\n\n\n/);
});

test('a fine-tuned run is not begun afresh', () => {
  expect(written({}, { tuned: { base: 'b', trained: 1, frozen: 0, fresh: [] } })).not.toMatch(/fresh|stay as/);
});

test('what decodes pictures is asked for where there are some', () => {
  expect(requirements(pictures)).toContain('pillow');
  expect(requirements({ kind: 'arrays' })).toBe('tensorflow==2.21.0\nkeras==3.15.1\nnumpy>=2.0,<3\nh5py>=3.11,<4\n');
});
