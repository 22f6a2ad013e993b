import { truncateSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FeatureBatches } from '#engine/training/fine-tuning/feature-batches.ts';
import { FeatureFile } from '#engine/training/fine-tuning/feature-file.ts';
import { makeRoom } from '#engine/training/fine-tuning/feature-room.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const row = (image: number) => Float32Array.of(image, image + 0.5);

async function filled(images: number[]): Promise<string> {
  const path = join(await temporaryFolder(), 'key-train');
  const file = new FeatureFile(path, 2, 6);
  file.write(images, Float32Array.from(images.flatMap((image) => [...row(image)])));
  expect(file.has(images[0]!)).toBe(false);
  file.settle();
  file.close();
  return path;
}

test('what was settled is there when the file is opened again, at each image’s own place', async () => {
  const path = await filled([4, 1]);
  const file = new FeatureFile(path, 2, 6);
  expect([0, 1, 2, 3, 4, 5].filter((image) => file.has(image))).toEqual([1, 4]);
  const into = new Float32Array(4);
  file.read([1, 4], into);
  expect([...into]).toEqual([1, 1.5, 4, 4.5]);
  expect(() => file.read([2], new Float32Array(2))).toThrow(expect.objectContaining({ code: 'file/unreadable' }));
  file.close();
});

test.each<[string, (path: string) => void]>([
  ['features that were cut short', (path) => truncateSync(`${path}.f32`, 12)],
  ['a list for other images', (path) => writeFileSync(`${path}.have`, Uint8Array.of(1, 1))],
])('%s are computed anew', async (_, harm) => {
  const path = await filled([4, 1]);
  harm(path);
  const file = new FeatureFile(path, 2, 6);
  expect([0, 1, 2, 3, 4, 5].some((image) => file.has(image))).toBe(false);
  file.close();
});

test('batches come in the order asked for, the last one smaller, with labels and weights', async () => {
  const file = new FeatureFile(await filled([0, 1, 2, 3, 4]), 2, 6);
  const weights = Float32Array.of(1, 2, 3, 4, 5, 6);
  const batches = new FeatureBatches({ file, values: 2, labels: [7, 8, 9, 7, 8, 9], size: 2, weights });
  const seen = [];
  for await (const { images, pixels, labels, weights } of batches.batches(Uint32Array.of(3, 0, 4), 0)) {
    seen.push({ images, pixels: [...pixels], labels: [...labels], weights: [...(weights ?? [])] });
  }
  expect(seen).toEqual([
    { images: 2, pixels: [3, 3.5, 0, 0.5], labels: [7, 7], weights: [4, 1] },
    { images: 1, pixels: [4, 4.5], labels: [8], weights: [5] },
  ]);
  file.close();
});

test('room is made of what was used longest ago; too much is refused', async () => {
  const folder = join(await temporaryFolder(), 'features');
  await mkdir(folder);
  for (const [place, key] of ['old', 'new', 'mine'].entries()) {
    await writeFile(join(folder, `${key}.f32`), Buffer.alloc(8192, 1));
    await writeFile(join(folder, `${key}.have`), '');
    await utimes(join(folder, `${key}.f32`), place + 1, place + 1);
  }
  expect(await makeRoom(folder, 40_000, ['mine'], 30_000)).toBe(false);
  expect(await makeRoom(folder, 20_000, ['mine'], 30_000)).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(['mine.f32', 'mine.have', 'new.f32', 'new.have']);
});
