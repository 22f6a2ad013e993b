import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { Inference } from '#engine/predict/inference.ts';
import { softmax } from '#engine/predict/softmax.ts';

/** What Python Keras answers with the float32 weights (shared/data/README.md). */
interface Reference {
  readonly softmax_float32_base64: string;
  readonly top: readonly (readonly [index: number, id: string, label: string, probability: number])[];
}

const fixtures = path.join(import.meta.dirname, '../fixtures/imagenet');
const photos = ['chelsea', 'astronaut', 'camera'];
let model: PortableModel;

beforeAll(async () => {
  await loadBackend('tensorflow');
  model = await new ZooShelf().portable('efficientnet-lite0');
});

test('the embedded model says what Python Keras says: within 1e-4, the same three classes first', async () => {
  const before = tf.memory().numTensors;
  const [height, width, channels] = model.spec.input;
  const network = networkOf(model.spec, { height, width, channels, classes: 1000 }, 1, model.pixels);
  for (const [place, { variable }] of network.variables.entries()) {
    const { values, shape } = model.weights[place]!;
    tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
  }
  const inference = new Inference(network);
  for (const photo of photos) {
    const reference = JSON.parse(readFileSync(path.join(fixtures, `${photo}.json`), 'utf8')) as Reference;
    const bytes = Buffer.from(reference.softmax_float32_base64, 'base64');
    const expected = new Float32Array(new Uint8Array(bytes).buffer);
    const pixels = await sharp(path.join(fixtures, `${photo}_224.png`))
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer();
    const received = softmax(inference.logits(new Uint8Array(pixels), 1));
    const apart = received.reduce((most, value, place) => Math.max(most, Math.abs(value - expected[place]!)), 0);
    expect(apart, photo).toBeLessThan(5e-5);
    const order = Array.from(received.keys()).sort((a, b) => received[b]! - received[a]!);
    expect(order.slice(0, 3), photo).toEqual(reference.top.slice(0, 3).map(([index]) => index));
    for (const [index, id] of reference.top) expect(model.classes[index]!.id).toBe(id);
  }
  expect(inference.mode.compiled).toBe(true);
  inference.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
