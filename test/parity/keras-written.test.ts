import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Preprocessing } from '#contract/network.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import {
  architectureWriter,
  h5Writer,
  kerasWriter,
  weightsWriter,
} from '#engine/model/formats/keras/writing/writers.ts';
import type { ModelWriter, WriteOptions } from '#engine/model/formats/writer.ts';
import { prepare } from '#engine/model/pixels.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { askKeras, findKeras, type Asked } from '#test/support/live-keras.ts';
import { answersOf, furthest, portablePreset, seededImages, type Size } from '#test/support/portable-models.ts';

const { python, reason } = findKeras();
if (reason) console.log(`Files that Heatlens writes are not read with a live Keras: ${reason}.`);
const left = reason ? ` (skipped: ${reason})` : '';
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-written-'));
const inside: WriteOptions = { pixels: 'inside', optimizer: false, weights: 'variables' };
const beside: WriteOptions = { ...inside, pixels: 'beside' };

beforeAll(() => loadBackend('tensorflow'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const digits: Size = { height: 28, width: 28, channels: 1, classes: 10 };
const photos = (side: number): Size => ({ height: side, width: side, channels: 3, classes: 7 });

const cases: readonly (readonly [preset: string, size: Size])[] = [
  ['mnist-cnn', digits],
  ['tutorial-mlp-64', digits],
  ['tutorial-cnn', digits],
  ['fashion-mlp', digits],
  ['alexnet', digits],
  ['resnet-18', photos(40)],
  ['resnet-50', photos(96)],
  ['vgg-16', photos(32)],
  ['googlenet', photos(96)],
  ['inception-v3', photos(128)],
];

test.skipIf(reason)(
  `presets load in Keras from every format and answer the same${left}`,
  async () => {
    const asked: Asked[] = [];
    const wanted: { name: string; answers: Float32Array }[] = [];
    for (const [preset, size] of cases) {
      const model = portablePreset(preset, size);
      const images = seededImages(model, 2);
      const shape = [2, size.height, size.width, size.channels];
      const raw = Float32Array.from(images);
      const answers = answersOf(model, images, 2);
      const add = (name: string, more: Omit<Asked, 'images' | 'shape'>, given: Float32Array = raw) => {
        asked.push({ ...more, images: given, shape });
        wanted.push({ name: `${preset} ${name}`, answers });
      };
      add('.keras', { file: await written(kerasWriter, model, `${preset}.keras`, inside) });
      add('.h5', { file: await written(h5Writer, model, `${preset}.h5`, inside) });
      const architecture = await written(architectureWriter, model, `${preset}.json`, beside);
      const prepared = preparedBy(model, raw, shape);
      const keras3 = await written(weightsWriter('keras-3'), model, `${preset}.weights.h5`, beside);
      add('.weights.h5', { file: keras3, architecture }, prepared);
      const legacy = await written(weightsWriter('legacy'), model, `${preset}-weights.h5`, beside);
      add('legacy weights', { file: legacy, architecture }, prepared);
    }
    const answered = askKeras(python ?? '', asked);
    for (const [place, { name, answers }] of wanted.entries()) {
      expect(furthest(answers, answered[place]!.predictions), name).toBeLessThan(2e-5);
    }
  },
  900_000,
);

test.skipIf(reason)(
  `pixels are treated inside a file as beside it, of every kind${left}`,
  async () => {
    const kinds: Preprocessing[] = ['none', 'divide-255', 'minus-one-to-one', 'caffe', 'torch', 'lite'];
    const figures = { kind: 'standardize' as const, mean: [120, 110, 90], deviation: [60, 0, 50] };
    const asked: Asked[] = [];
    const wanted: { name: string; answers: Float32Array }[] = [];
    for (const pixels of [...kinds.map((kind) => ({ kind })), figures]) {
      const model = portablePreset('tutorial-cnn', photos(28), 11, pixels);
      const images = seededImages(model, 2);
      const file = await written(kerasWriter, model, `pixels-${pixels.kind}.keras`, inside);
      asked.push({ file, images: Float32Array.from(images), shape: [2, 28, 28, 3] });
      wanted.push({ name: pixels.kind, answers: answersOf(model, images, 2) });
    }
    const answered = askKeras(python ?? '', asked);
    for (const [place, { name, answers }] of wanted.entries()) {
      expect(furthest(answers, answered[place]!.predictions), name).toBeLessThan(2e-5);
    }
  },
  300_000,
);

async function written(writer: ModelWriter, model: PortableModel, name: string, options: WriteOptions) {
  const file = path.join(folder, name);
  await writer.write(model, file, options);
  return file;
}

function preparedBy({ pixels }: PortableModel, raw: Float32Array, shape: readonly number[]): Float32Array {
  return tf.tidy(() =>
    prepare(tf.tensor4d(raw, [...shape] as [number, number, number, number]), pixels)
      .dataSync<'float32'>()
      .slice(),
  );
}
