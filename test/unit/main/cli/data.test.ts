import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { augmentedUrl } from '#contract/pictures.ts';
import { heatlens } from '#test/support/fake-engine.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('`data inspect`', () => {
  test('tells every odd file with what was done about it', async () => {
    const { code, out, err, asked } = await heatlens('data inspect ./photos --json', { tty: true });
    expect(code).toBe(0);
    expect(asked.paths).toEqual([path.resolve('photos')]);
    expect(JSON.parse(out)).toMatchObject({
      ...{ kind: 'folder', shape: [28, 28, 3] },
      problems: [
        { file: 'cat/a.jpg', problem: 'rotated', action: 'repaired', detail: 'orientation 6' },
        { file: 'cat/b.jpg', problem: 'empty', action: 'skipped' },
      ],
    });
    expect(err).toContain('13 images in 2 classes');
    expect((await heatlens('data inspect ./photos')).out).toContain('cat/a.jpg: rotated (orientation 6); repaired');
  });

  test('fetches a famous set, and says how far it is', async () => {
    const { out, err, asked } = await heatlens('data inspect cifar10 --json', { tty: true });
    expect(asked).toMatchObject({ downloaded: 'cifar10' });
    expect(asked.paths).toBeUndefined();
    expect(err).toContain('fetching cifar10: 5.0 MB of 30.0 MB · 1 min 15 s left');
    expect(JSON.parse(out)).toMatchObject({ shape: [28, 28, 1] });
  });

  test('offline, names the host and what to get by hand', async () => {
    const { code, out, err } = await heatlens('data inspect cifar100 --json');
    expect(code).toBe(1);
    expect(err).toMatch(/www\.cs\.toronto\.edu.*cifar-100-binary\.tar\.gz/s);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'download/offline' } });
  });

  test('`--jsonl` tells the import as it goes', async () => {
    const lines = (await heatlens('data inspect ./photos --jsonl')).out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(['listed', 'import', 'result']);
  });

  test.each([
    ['', undefined],
    ['--size 32', { form: { height: 32, width: 32, channels: 3, fit: 'crop' } }],
    ['--size 10x20 --channels 1 --fit pad', { form: { height: 10, width: 20, channels: 1, fit: 'pad' } }],
    ['--fit stretch', { form: { height: 48, width: 64, channels: 3, fit: 'stretch' } }],
    ['--labels coarse --splitting given', { labels: 'coarse', splitting: { by: 'given' } }],
    ['--splitting fraction:seed=7', { splitting: { by: 'fraction', validation: 0, test: 0.2, seed: 7 } }],
    ['--splitting count:test=9', { splitting: { by: 'count', validation: 0, test: 9, seed: 1 } }],
    ['--splitting count:test=9,train=5', { splitting: { by: 'count', train: 5, validation: 0, test: 9, seed: 1 } }],
  ])('takes %j as %j', async (words, options) => {
    expect((await heatlens(`data inspect ./photos ${words}`)).asked.options).toEqual(options);
  });
});

describe('`data export`', () => {
  test('writes so many images as was asked', async () => {
    const { code, out, asked } = await heatlens('data export mnist --to text --train 1000 --test 0 --out here --json');
    expect(code).toBe(0);
    expect(asked.export).toEqual({ dataset: 'mnist', to: 'text', train: 1000, test: 0, folder: path.resolve('here') });
    expect(JSON.parse(out)).toEqual({ files: ['/out/train.txt'] });
  });

  test('writes all without a number', async () => {
    const { asked, out } = await heatlens('data export ./photos --to folder --out here');
    expect(asked.export).toEqual({ dataset: 'photos', to: 'folder', folder: path.resolve('here') });
    expect(out).toBe('/out/train.txt\n');
  });
});

describe('`data preview`', () => {
  const ops = [{ op: 'flip-left-right' }, { op: 'rotation', degrees: 15 }];
  const whole = { ops, fill: 'nearest', fillValue: 0, interpolation: 'bilinear' } as const;

  test('keeps the sheet of the first images as a file', async () => {
    const file = path.join(await temporaryFolder(), 'sheet.png');
    const words = `--augment ${JSON.stringify(ops)} --count 3 --passes 5 --seed 9 --extreme --out ${file}`;
    const { out, asked } = await heatlens(`data preview mnist ${words} --json`);
    const address = augmentedUrl(
      {
        ...{ dataset: 'mnist', split: 'train', indices: [0, 1, 2], passes: 5, seed: 9, extreme: true },
        augmentation: whole as never,
      },
      'hash',
    );
    expect(asked.picture).toBe(address);
    expect(JSON.parse(out)).toEqual({ file });
    expect(await readFile(file, 'utf8')).toBe(address);
  });

  test('takes no more images than there are', async () => {
    const file = path.join(await temporaryFolder(), 'sheet.png');
    const { asked } = await heatlens(`data preview mnist --augment [] --split test --count 16 --out ${file}`);
    expect(decodeURIComponent(asked.picture ?? '')).toContain('"split":"test","indices":[0,1,2]');
  });

  test.each([
    ['without images in the split', `--split validation --out ${path.resolve('x.png')}`, 'holds 0'],
    ['where nothing can be written', '--out /nowhere/x.png', 'ENOENT'],
  ])('fails with a sentence %s', async (_, words, sentence) => {
    const { code, err } = await heatlens(`data preview mnist --augment [] ${words}`);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
  });
});

describe('`train`', () => {
  test('takes an augmentation as text or from a file', async () => {
    const file = path.join(await temporaryFolder(), 'augment.json');
    await writeFile(file, JSON.stringify({ ops: [{ op: 'flip-up-down', probability: 0.3 }], fill: 'wrap' }));
    const fromFile = await heatlens(`train --data mnist --pixels standardize --augment ${file}`);
    expect(fromFile.asked.start).toMatchObject({
      pixels: 'standardize',
      augmentation: { ops: [{ op: 'flip-up-down', probability: 0.3 }], fill: 'wrap', interpolation: 'bilinear' },
    });
    const fromText = await heatlens('train --data mnist --augment {"ops":[{"op":"hue","delta":0.1}]}');
    expect(fromText.asked.start?.augmentation).toMatchObject({ ops: [{ op: 'hue', delta: 0.1 }], fill: 'nearest' });
  });

  test('says nothing of either where nothing was asked for', async () => {
    const { asked } = await heatlens('train --data mnist');
    expect(asked.start).not.toHaveProperty('augmentation');
    expect(asked.start).not.toHaveProperty('pixels');
  });

  test('opens photos in the form that was asked for', async () => {
    const { asked } = await heatlens('train --data ./photos --size 28 --channels 1');
    expect(asked.options?.form).toMatchObject({ height: 28, width: 28, channels: 1 });
    expect(asked.start?.dataset).toBe('photos');
  });
});

test.each([
  ['data inspect', 'source'],
  ['data inspect mnist --size big', 'Expected 32 or 32x48, sides from 1 to 2048; received "big"'],
  ['data inspect mnist --size 4096', 'sides from 1 to 2048'],
  ['data inspect mnist --channels 2', 'Expected 1 or 3'],
  ['data inspect mnist --fit squeeze', 'stretch'],
  ['data inspect mnist --splitting luck', 'Expected one of given, fraction, count; received "luck"'],
  ['data inspect mnist --splitting fraction:test=2', 'test: '],
  ['data inspect mnist --splitting count:', 'Expected test=…'],
  ['data export mnist --out x', '--to'],
  ['data export mnist --to pickle --out x', 'folder'],
  ['data export mnist --to text', '--out'],
  ['data preview mnist --out x.png', '--augment'],
  ['data preview mnist --augment [] --out x.png --count 17', 'from 1 to 16'],
  ['train --data mnist --augment nothing.json', 'there is no file "nothing.json"'],
  ['train --data mnist --augment {"ops":', 'Expected JSON'],
  ['train --data mnist --augment [{"op":"hue","delta":9}]', 'ops.0.delta'],
  ['train --data mnist --augment [{"op":"sparkle"}]', 'ops.0.op'],
  ['train --data mnist --pixels huge', 'standardize'],
])('`%s` is wrong usage and says why', async (args, words) => {
  const { code, err, connections } = await heatlens(args);
  expect(code).toBe(2);
  expect(err).toContain(words);
  expect(connections).toHaveLength(0);
});
