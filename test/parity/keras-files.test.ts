import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { loadKerasWeights } from '#engine/model/formats/keras/reading/load-keras-weights.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { bytes } from '#test/support/keras-numbers.ts';

interface Expected {
  readonly files: string[];
  readonly input: [number, number, number];
  readonly probabilities: number[];
  readonly parameters: number;
  /** Arguments of layers that are weights here. */
  readonly figures?: number;
  readonly notes?: string[];
  readonly frozen?: string[];
  readonly optimizer?: string;
  readonly step?: number;
}

const folder = path.resolve(import.meta.dirname, '../fixtures/keras-files');
const at = (file: string) => path.join(folder, file);
const { keras, seed, models } = JSON.parse(readFileSync(at('expected.json'), 'utf8')) as {
  keras: string;
  seed: number;
  models: Record<string, Expected>;
};
const cases = Object.entries(models).flatMap(([name, expected]) =>
  expected.files.map((file) => ({ name, file, expected })),
);

let before = 0;
beforeAll(() => loadBackend('tensorflow'));
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

function expectPredictions({ spec, weights, pixels }: PortableModel, { probabilities }: Expected): void {
  const [height, width, channels] = spec.input;
  const classes = probabilities.length / 4;
  const network = networkOf(spec, { height, width, channels, classes }, 1, pixels, weights);
  expect(weights.map(({ name }) => name)).toEqual(network.variables.map(({ name }) => name));
  const received = tf.tidy(() => {
    const images = tf.tensor4d(bytes(seed, 40, 4 * height * width * channels), [4, height, width, channels]);
    return tf.softmax(network.logits(images, { training: false })).dataSync<'float32'>();
  });
  network.dispose();
  const apart = probabilities.map((value, place) => Math.abs(value - received[place]!));
  expect(Math.max(...apart)).toBeLessThan(2e-6);
}

describe.each(cases)(`$file, written by Keras ${keras}`, ({ file, expected }) => {
  test('is the network, predicts as Keras does, and says what was changed', async () => {
    const { look, model } = await readModelFile(at(file));
    if (!model) throw new Error('no model');
    expect(look.network).toMatchObject({
      height: expected.input[0],
      channels: expected.input[2],
      classes: expected.probabilities.length / 4,
      parameters: expected.parameters + (expected.figures ?? 0),
      endsIn: 'softmax',
    });
    for (const word of expected.notes ?? []) expect(look.notes.join(' ')).toContain(word);
    const frozen = model.spec.layers.filter(({ trainable }) => trainable === false).map(({ name }) => name);
    expect(frozen).toEqual(expected.frozen ?? (look.name === 'nested' ? ['conv', 'bn'] : []));
    expectPredictions(model, expected);
  });

  test('says where training stood, if it did', async () => {
    const { look, model } = await readModelFile(at(file));
    expect(look.optimizer).toBe(expected.optimizer);
    expect(model?.training?.step).toBe(expected.step);
    const names = model?.training?.slots.map(({ name }) => name) ?? [];
    expect(names).toHaveLength(expected.optimizer ? 8 : 0);
  });
});

const alone = [
  { file: 'tutorial.weights.h5', of: 'tutorial' },
  { file: 'tutorial.h5', of: 'tutorial' },
  { file: 'numbered-legacy.h5', of: 'numbered' },
  { file: 'older-weights.h5', of: 'older' },
];

test.each(alone)('$file gives its weights to a network that is known', async ({ file, of }) => {
  const expected = models[of]!;
  const { model } = await readModelFile(at(expected.files[0]!));
  const classes = expected.probabilities.length / 4;
  const weights = await loadKerasWeights(at(file), model!.spec, classes);
  expectPredictions({ ...model!, weights }, expected);
});

test('layers with other numbers in their names are matched in their order', async () => {
  const expected = models['numbered']!;
  const { model } = await readModelFile(at('numbered.h5'));
  const other = (name: string) => name.replace('93', '7').replace('94', '12');
  const spec = { ...model!.spec, layers: model!.spec.layers.map((layer) => ({ ...layer, name: other(layer.name) })) };
  for (const file of ['numbered-legacy.h5', 'numbered.h5']) {
    const weights = await loadKerasWeights(at(file), spec, 4);
    expectPredictions({ ...model!, spec, weights }, expected);
  }
});

test('weights of another network are refused, and what differs is named', async () => {
  const { model } = await readModelFile(at('numbered.h5'));
  const wrong = loadKerasWeights(at('older-weights.h5'), model!.spec, 4);
  await expect(wrong).rejects.toMatchObject({ code: 'model/weights-differ' });
  const layers = model!.spec.layers.map((layer) => (layer.kind === 'Conv2D' ? { ...layer, filters: 5 } : layer));
  const larger = loadKerasWeights(at('numbered-legacy.h5'), { ...model!.spec, layers }, 4);
  await expect(larger).rejects.toMatchObject({
    code: 'model/weights-differ',
    message: expect.stringContaining('conv2d_93/kernel') as string,
  });
});

test.each(['tutorial', 'older'])('an architecture alone is the network without weights: %s.json', async (name) => {
  const { look, model } = await readModelFile(at(`${name}.json`));
  const whole = await readModelFile(at(models[name]!.files[0]!));
  expect(look).toMatchObject({ format: 'architecture', network: whole.look.network });
  expect(model!.spec.layers).toEqual(whole.model!.spec.layers);
  expect(model!.weights).toEqual([]);
});
