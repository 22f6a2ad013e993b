import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { heatlens } from '#test/support/fake-engine.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('without a model, the one that comes with the app is asked', async () => {
  const { code, asked } = await heatlens('predict a.png --json');
  expect([code, asked.model]).toEqual([0, 'efficientnet-lite0']);
});

test.each([
  { preprocess: 'model', pixels: undefined },
  { preprocess: 'none', pixels: { kind: 'none' } },
  { preprocess: '0..1', pixels: { kind: 'divide-255' } },
  { preprocess: '-1..1', pixels: { kind: 'minus-one-to-one' } },
  { preprocess: 'caffe', pixels: { kind: 'caffe' } },
  { preprocess: 'torch', pixels: { kind: 'torch' } },
])('--preprocess $preprocess', async ({ preprocess, pixels }) => {
  const { code, asked } = await heatlens(`predict a.png --preprocess ${preprocess} --json`);
  expect(code).toBe(0);
  expect(asked.ways).toEqual({ invert: 'auto', ...(pixels && { pixels }) });
});

test('a folder is gone through by name; what cannot be read in it has its reason, and the others their classes', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'sub'));
  for (const file of ['10.png', '9.png', 'sub/torn.png', '.hidden.png', 'notes.txt']) {
    await writeFile(path.join(folder, file), '');
  }
  const { code, out } = await heatlens(`predict ${folder} --json`);
  expect(code).toBe(0);
  const rows = JSON.parse(out) as { file: string; top: unknown[]; error?: { code: string } }[];
  expect(rows.map(({ file, top, error }) => [path.relative(folder, file), top.length, error?.code])).toEqual([
    ['9.png', 1, undefined],
    ['10.png', 1, undefined],
    [path.join('sub', 'torn.png'), 0, 'image/unreadable'],
  ]);
});

test.each([
  { args: 'predict torn.png --json', want: 'image/unreadable' },
  { args: 'predict a.png --model nobody --json', want: 'model/unknown' },
])('$args fails with $want', async ({ args, want }) => {
  const { code, out } = await heatlens(args);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ error: { code: want } });
});

test('a folder without pictures is told so', async () => {
  const { code, out } = await heatlens(`predict ${await temporaryFolder()} --json`);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'photo/none' } });
});
