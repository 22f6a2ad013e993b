import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { areProbabilities, AskedModel } from '#engine/predict/asked-model.ts';
import { savedModelFolder } from '#engine/predict/saved-models.ts';
import { softmax } from '#engine/predict/softmax.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test.each([
  [[0.25, 0.75, 1, 0], 2, true],
  [[0.25, 0.75, 0.5, 0.6], 2, false],
  [[-0.5, 1.5], 1, false],
] as const)('%j in %i rows: probabilities %s', (values, rows, are) => {
  expect(areProbabilities(Float32Array.from(values), rows)).toBe(are);
});

function asked(answer: readonly number[]) {
  const heard: unknown[] = [];
  const model = {
    ...{ height: 1, width: 2, channels: 1, outputs: 2, classes: [], pixels: null, inside: false },
    predict: (...given: unknown[]) => (heard.push(given), Float32Array.from(answer)),
    dispose: () => heard.push('gone'),
  };
  return { model: new AskedModel(model, { kind: 'divide-255' }), heard };
}

test('probabilities come out as they went in, also where one is nothing', () => {
  const { model, heard } = asked([0.2, 0.8]);
  const pixels = Uint8Array.of(1, 2);
  const [first = 0, second = 0] = softmax(model.logits(pixels, 1));
  expect([first, second].map((p) => p.toFixed(6))).toEqual(['0.200000', '0.800000']);
  expect(heard).toEqual([[pixels, 1, { kind: 'divide-255' }]]);
  expect(softmax(asked([1, 0]).model.logits(pixels, 1))[1]).toBeLessThan(1e-20);
  expect([...asked([3, -2]).model.logits(pixels, 1)]).toEqual([3, -2]);
});

test('images of another size are refused', () => {
  expect(() => asked([1, 0]).model.logits(Uint8Array.of(1), 1)).toThrow(
    expect.objectContaining({ code: 'model/wrong-input' }),
  );
});

test('a SavedModel is known by its folder or by the file in it', async () => {
  const folder = join(await temporaryFolder(), 'model');
  await mkdir(folder);
  expect(await savedModelFolder(folder)).toBeNull();
  await writeFile(join(folder, 'saved_model.pb'), '');
  expect(await savedModelFolder(folder)).toBe(folder);
  expect(await savedModelFolder(join(folder, 'saved_model.pb'))).toBe(folder);
});
