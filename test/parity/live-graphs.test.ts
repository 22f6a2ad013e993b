import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { savedModelWriter } from '#engine/model/formats/saved-model/write-saved-model.ts';
import { onnxWriter } from '#engine/model/formats/onnx/write-onnx.ts';
import { tfliteWriter } from '#engine/model/formats/tflite/write-tflite.ts';
import type { ModelWriter, WriteOptions } from '#engine/model/formats/writer.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { softmax } from '#engine/predict/softmax.ts';
import { graphModels } from '#test/support/graph-networks.ts';
import { askGraphs, findPython } from '#test/support/live-graphs.ts';
import { answersOf, furthest, seededImages } from '#test/support/portable-models.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-graphs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const count = 4;
const usual: WriteOptions = { pixels: 'inside', optimizer: false, weights: 'variables' };

/** Each format with what a Python needs to read it. */
const formats: readonly [string, ModelWriter, WriteOptions, string, string[]][] = [
  ['SavedModel with variables', savedModelWriter, usual, 'variables', ['tensorflow']],
  ['SavedModel with constants', savedModelWriter, { ...usual, weights: 'constants' }, 'constants', ['tensorflow']],
  ['ONNX', onnxWriter, usual, 'onnx', ['onnx', 'onnxruntime']],
  ['TensorFlow Lite', tfliteWriter, usual, 'tflite', ['tensorflow']],
];

/** Some darker, some brighter, so that the answers differ. */
function unlikeImages(model: PortableModel): Uint8Array {
  const pixels = seededImages(model, count);
  const each = pixels.length / count;
  return pixels.map((value, place) => value / 4 + 60 * Math.floor(place / each));
}

const probabilities = (model: PortableModel, pixels: Uint8Array): Float32Array => {
  const answers = answersOf(model, pixels, count);
  const last = model.spec.layers.at(-1)!;
  if ('activation' in last && last.activation === 'softmax') return answers;
  const each = answers.length / count;
  return Float32Array.from(
    Array.from({ length: count }, (_, row) => [...softmax(answers.subarray(row * each, (row + 1) * each))]).flat(),
  );
};

interface Prepared {
  readonly name: string;
  readonly model: PortableModel;
  readonly pixels: Uint8Array;
  /** What the app answers. */
  readonly answers: Float32Array;
}

const findings = formats.map(([, , , , modules]) => findPython(...modules));
const prepared: Prepared[] = [];
beforeAll(async () => {
  if (findings.every(({ reason }) => reason)) return;
  await loadBackend('tensorflow');
  for (const [name, make] of Object.entries(graphModels)) {
    const model = make();
    const pixels = unlikeImages(model);
    const answers = probabilities(model, pixels);
    prepared.push({ name, model, pixels, answers });
    // What is always the same, or always certain, would tell nothing.
    const row = answers.length / count;
    expect(Math.max(...answers), name).toBeLessThan(0.99);
    expect(furthest(answers.subarray(0, row), answers.subarray(-row)), name).toBeGreaterThan(1e-4);
  }
}, 300_000);

describe.each(formats)('%s', (_, writer, options, ending, modules) => {
  const { python, reason } = findPython(...modules);
  if (reason) console.log(`Not compared: ${reason}.`);

  test.skipIf(reason)(
    `gives in Python what the app gives${reason ? ` (skipped: ${reason})` : ''}`,
    { timeout: 300_000 },
    async () => {
      const asked = [];
      for (const { model, pixels } of prepared) {
        const file = path.join(folder, `${model.spec.id}.${ending}`);
        await writer.write(model, file, options);
        asked.push({
          format: writer.format as 'saved-model',
          ...{ file, images: Float32Array.from(pixels), shape: [count, ...model.spec.input] },
        });
      }
      const answers = askGraphs(python!, asked);
      const far = prepared.map(({ name, answers: ours }, place) => [name, furthest(ours, answers[place]!)]);
      console.log(
        `${writer.format}, ${ending}: ${far.map(([name, by]) => `${name} ${Number(by).toExponential(1)}`).join(', ')}`,
      );
      expect(far.filter(([, by]) => !(Number(by) < 1e-5))).toEqual([]);
    },
  );
});
