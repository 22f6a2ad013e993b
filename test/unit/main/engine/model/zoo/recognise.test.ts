import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { zoo } from '#engine/model/zoo/definitions.ts';
import { recogniseWeights } from '#engine/model/zoo/recognise.ts';
import { smallZoo } from '#test/support/small-zoo.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('a file is recognised by the names and shapes in it', async () => {
  const { definition, file } = await smallZoo('https://example.org/');
  expect(await recogniseWeights(file, [...zoo, definition])).toBe(definition);
  expect(await recogniseWeights(file, zoo)).toBeNull();
});

test('what is no file of weights says so', async () => {
  const file = path.join(await temporaryFolder(), 'no.h5');
  await writeFile(file, 'no HDF5');
  await expect(recogniseWeights(file, zoo)).rejects.toMatchObject({ code: 'model/file-damaged' });
});
