import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FineTuningSettings } from '#contract/training.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { kerasWriter } from '#engine/model/formats/keras/writing/writers.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { tunedNetwork } from '#engine/training/fine-tuning/tuned-network.ts';
import { objectiveOf } from '#engine/training/objective-of.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { makeSteps } from '#engine/training/steps.ts';
import { askKeras, findKeras, type Asked } from '#test/support/live-keras.ts';
import { seededImages } from '#test/support/portable-models.ts';
import { smallBase } from '#test/support/small-base.ts';

const { python, reason } = findKeras();
if (reason) console.log(`Fine-tuning is not compared with a live Keras: ${reason}.`);
const left = reason ? ` (skipped: ${reason})` : '';
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-tuned-'));
const images = { height: 8, width: 8, channels: 3, classes: 3 };
const count = 12;
const steps = 3;
const optimizer = { name: 'adam', learningRate: 0.002 } as const;

beforeAll(() => loadBackend('tensorflow'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Frozen, with its last block and wholly unfrozen; gradients go through frozen normalization then. */
const phases: [string, Omit<FineTuningSettings, 'base'>][] = [
  ['frozen', { head: 'global-average', unfreeze: 0 }],
  ['last block', { head: 'flatten', unfreeze: 1 }],
  ['every block', { head: 'global-max', unfreeze: 'all' }],
];

/** The fine-tuned network as a model with Adam's beginning; values small enough to learn from. */
function begun(settings: Omit<FineTuningSettings, 'base'>): PortableModel {
  const base = { ...smallBase(), pixels: { kind: 'divide-255' } as const };
  const { spec } = tunedNetwork(base, { base: 'small', ...settings }, images);
  const network = networkOf(spec, images, 5, base.pixels, base.weights);
  const slots = makeOptimizer(
    optimizer,
    network.variables.filter(({ trainable }) => trainable),
  );
  const valuesOf = ({ name, variable }: (typeof network.variables)[number]) => ({
    ...{ name, shape: variable.shape, values: variable.dataSync<'float32'>().slice() },
  });
  const weights = network.variables.map(valuesOf);
  const training = { optimizer, step: 0, slots: slots.slots.map((slot) => valuesOf({ ...slot, trainable: true })) };
  slots.dispose();
  network.dispose();
  const layers = spec.layers.map((layer) =>
    layer.kind === 'Dense' && layer.units === 'classes' ? { ...layer, units: images.classes } : layer,
  );
  const classes = ['a', 'b', 'c'].map((label) => ({ label }));
  return { spec: { ...spec, layers }, pixels: base.pixels, classes, weights, training };
}

/** Losses of some steps with all images, compiled or operation by operation. */
function trained({ spec, pixels, weights }: PortableModel, given: Uint8Array, labels: Int32Array, compile: boolean) {
  const network = networkOf(spec, images, 5, pixels, weights);
  const own = makeOptimizer(
    optimizer,
    network.variables.filter(({ trainable }) => trainable),
  );
  const made = makeSteps({ network, optimizer: own, ...objectiveOf({}, network.endsIn), compile });
  const losses = Array.from(
    { length: steps },
    (_, step) => made.train({ images: count, pixels: given, labels }, step + 1, optimizer.learningRate).loss,
  );
  for (const each of [made, own, network]) each.dispose();
  return losses;
}

test.skipIf(reason)(
  `training steps over frozen and unfrozen layers have Keras’ losses${left}`,
  async () => {
    const labels = Array.from({ length: count }, (_, image) => image % 3);
    const asked: Asked[] = [];
    const ours: { phase: string; compiled: number[]; eager: number[] }[] = [];
    for (const [phase, settings] of phases) {
      const model = begun(settings);
      const given = seededImages(model, count);
      const file = path.join(folder, `${phase}.keras`);
      await kerasWriter.write(model, file, { pixels: 'inside', optimizer: true, weights: 'variables' });
      const shape = [count, 8, 8, 3];
      asked.push({ file, images: Float32Array.from(given), shape, labels, steps, resave: `${file}-again.keras` });
      const numbers = Int32Array.from(labels);
      ours.push({
        phase,
        compiled: trained(model, given, numbers, true),
        eager: trained(model, given, numbers, false),
      });
    }
    const answered = askKeras(python ?? '', asked);
    for (const [place, { phase, compiled, eager }] of ours.entries()) {
      const theirs = answered[place]!.losses;
      expect(theirs).toHaveLength(steps);
      for (const [step, loss] of theirs.entries()) {
        expect(Math.abs(compiled[step]! - loss), `${phase}, step ${step + 1}`).toBeLessThan(1e-4);
        expect(Math.abs(eager[step]! - loss), `${phase}, step ${step + 1}, eager`).toBeLessThan(1e-4);
      }
      expect(theirs[steps - 1]).not.toBe(theirs[0]);
    }
  },
  120_000,
);
