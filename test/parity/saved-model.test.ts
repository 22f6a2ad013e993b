import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { openSavedModel } from '#engine/model/formats/saved-model/open-saved-model.ts';
import { savedModelWriter } from '#engine/model/formats/saved-model/write-saved-model.ts';
import type { WriteOptions } from '#engine/model/formats/writer.ts';
import { graphModels } from '#test/support/graph-networks.ts';
import { findKeras } from '#test/support/live-keras.ts';
import { SavedModels, lookAtSavedModel } from '#engine/predict/saved-models.ts';
import { softmax } from '#engine/predict/softmax.ts';
import { openProject } from '#test/support/open-project.ts';
import { answersOf, furthest, seededImages } from '#test/support/portable-models.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-saved-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  await loadBackend('tensorflow');
});

const count = 3;
const cases: readonly [string, Pick<WriteOptions, 'pixels' | 'weights'>][] = [
  ['variables', { pixels: 'inside', weights: 'variables' }],
  ['constants', { pixels: 'inside', weights: 'constants' }],
  ['variables, pixels treated beside', { pixels: 'beside', weights: 'variables' }],
];

test.each(cases)(
  'what is written with %s is read back and answers the same',
  { timeout: 60_000 },
  async (name, options) => {
    const model = graphModels['every layer']!();
    const file = path.join(folder, name);
    await savedModelWriter.write(model, file, { optimizer: false, ...options });
    const pixels = seededImages(model, count);
    const expected = answersOf(model, pixels, count);
    const before = tf.memory().numTensors;
    const opened = await openSavedModel(file);
    try {
      const { height, width, channels, outputs, classes } = opened;
      expect({ height, width, channels, outputs, classes }).toEqual({
        ...{ height: 21, width: 30, channels: 3, outputs: 7, classes: model.classes },
      });
      expect(furthest(expected, opened.predict(pixels, count))).toBeLessThan(1e-5);
      // The batch is free.
      expect(furthest(expected.subarray(0, 7), opened.predict(pixels.subarray(0, 21 * 30 * 3), 1))).toBeLessThan(1e-5);
      expect(tf.memory().numTensors).toBe(before);
    } finally {
      opened.dispose();
    }
  },
);

test('the folder has what TensorFlow expects, and what Heatlens says of the model', () => {
  expect(readdirSync(path.join(folder, 'variables'), { recursive: true }).map(String).sort()).toEqual(
    [
      ...['assets.extra', path.join('assets.extra', 'heatlens.json'), 'saved_model.pb', 'variables'],
      ...[path.join('variables', 'variables.data-00000-of-00001'), path.join('variables', 'variables.index')],
    ].sort(),
  );
});

test('two models in one process have their own variables', { timeout: 60_000 }, async () => {
  const model = graphModels['mnist-cnn']!();
  const other = {
    ...model,
    weights: model.weights.map((each) => ({ ...each, values: each.values.map((value) => -value) })),
  };
  const pixels = seededImages(model, count);
  const opened = [];
  for (const [place, one] of [model, other].entries()) {
    const file = path.join(folder, `twin-${place}`);
    await savedModelWriter.write(one, file, { pixels: 'inside', weights: 'variables', optimizer: false });
    opened.push(await openSavedModel(file));
  }
  for (const [place, one] of [model, other].entries()) {
    expect(furthest(answersOf(one, pixels, count), opened[place]!.predict(pixels, count))).toBeLessThan(1e-5);
  }
  for (const each of opened) each.dispose();
});

test('a folder without a SavedModel is said to be missing', async () => {
  await expect(openSavedModel(path.join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file/missing' });
});

const { python, reason } = findKeras();
const left = reason ? ` (skipped: ${reason})` : '';
const program = `
import sys, keras, numpy as np, tensorflow as tf
keras.utils.set_random_seed(3)
model = keras.Sequential([keras.Input((12, 10, 3)), keras.layers.Rescaling(1 / 255), keras.layers.Conv2D(6, 3, padding="same"),
    keras.layers.BatchNormalization(), keras.layers.ReLU(), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(4, "softmax")])
model.export(sys.argv[1] + "/keras", verbose=False)
images = (np.arange(2 * 12 * 10 * 3) * 7 % 256).astype("uint8").reshape(2, 12, 10, 3)
print(*model.predict(images.astype("float32"), verbose=0).ravel())
class Harm(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None, 12, 10, 3], tf.float32)])
    def __call__(self, x):
        tf.io.write_file(sys.argv[1] + "/written", "harm")
        return {"out": tf.reduce_mean(x, [1, 2])}
harm = Harm()
tf.saved_model.save(harm, sys.argv[1] + "/harm", signatures=harm.__call__)
`;

test.skipIf(reason)(
  `what Keras exports is read, and what writes files is not run${left}`,
  { timeout: 120_000 },
  async () => {
    const env = { ...process.env, CUDA_VISIBLE_DEVICES: '', TF_CPP_MIN_LOG_LEVEL: '3' };
    const done = spawnSync(python!, ['-c', program, folder], { encoding: 'utf8', env });
    expect(done.status, done.stderr.slice(-2000)).toBe(0);
    const expected = done.stdout.trim().split('\n').at(-1)!.split(' ').map(Number);
    const opened = await openSavedModel(path.join(folder, 'keras'));
    const pixels = Uint8Array.from({ length: 2 * 12 * 10 * 3 }, (_, place) => (place * 7) % 256);
    expect(furthest(expected, opened.predict(pixels, 2))).toBeLessThan(1e-5);
    opened.dispose();
    await expect(openSavedModel(path.join(folder, 'harm'))).rejects.toMatchObject({
      ...{ code: 'model/file-refused', message: expect.stringContaining('WriteFile') as string },
    });
    expect(readdirSync(folder)).not.toContain('written');
  },
);

test('one that is taken into the project is asked as the model that it was made from, also after a restart', async () => {
  const model = graphModels['every layer']!();
  const project = await openProject();
  const saved = await SavedModels.open(project, () => undefined);
  const source = path.join(folder, cases[2]![0]);
  expect(await lookAtSavedModel(source)).toMatchObject({
    ...{ format: 'saved-model', classes: model.classes, pixels: model.pixels },
    network: { height: 21, width: 30, channels: 3, classes: 7 },
  });
  const id = await saved.save(source, { path: source, name: 'Asked' });
  expect(id).toBe('saved-asked');
  const again = await SavedModels.open(project, () => undefined);
  expect(again.known(id)).toEqual(saved.known(id));
  expect(again.known(id)).toMatchObject({ name: 'Asked', classes: 7, height: 21, width: 30, channels: 3 });
  const pixels = seededImages(model, count);
  const open = await again.ask(id);
  try {
    const logits = open.logits(pixels, count);
    const answers = Array.from({ length: count }, (_, row) => [...softmax(logits.subarray(row * 7, row * 7 + 7))]);
    expect(furthest(answersOf(model, pixels, count), Float32Array.from(answers.flat()))).toBeLessThan(1e-5);
  } finally {
    open.dispose();
  }
  await expect(saved.save(source, { path: source, classes: [{ label: 'one' }] })).rejects.toMatchObject({
    code: 'call/invalid',
  });
  await saved.discard(id);
  expect(saved.list()).toEqual([]);
  await saved.restore(id);
  expect(saved.list()).toEqual([id]);
});
