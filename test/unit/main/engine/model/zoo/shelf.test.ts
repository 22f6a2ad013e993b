import { expect, test } from 'vitest';
import { ZooShelf, weightsOf } from '#engine/model/zoo/shelf.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('the embedded model is here without any download, whole', async () => {
  const shelf = new ZooShelf({ folder: await temporaryFolder() });
  expect(shelf.here('efficientnet-lite0')).toBe('inside');
  expect(shelf.known('efficientnet-lite0')).toMatchObject({ classes: 1000, imagenet: true, pixels: { kind: 'lite' } });
  const { spec, weights, classes, pixels } = await shelf.portable('efficientnet-lite0');
  expect(pixels).toEqual({ kind: 'lite' });
  expect(classes).toHaveLength(1000);
  expect(weights.map(({ name, shape }) => ({ name, shape }))).toEqual(weightsOf(spec));
  expect(weights.reduce((sum, { values }) => sum + values.length, 0)).toBe(4_694_024);
  expect(weights.every(({ values }) => values.every(Number.isFinite))).toBe(true);
});

test('a model that does not exist, and one that is not here, say so', async () => {
  const shelf = new ZooShelf({ folder: await temporaryFolder() });
  expect(shelf.known('lenet-900')).toBeNull();
  expect(shelf.here('lenet-900')).toBe('no');
  await expect(shelf.portable('lenet-900')).rejects.toMatchObject({ code: 'zoo/unknown' });
});
