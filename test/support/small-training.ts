import { onTestFinished } from 'vitest';
import type { BatchRecord, RunEvent, RunSummary, TrainingSettings } from '#contract/training.ts';
import type { Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { IdxDataSet } from '#engine/data/idx-data-set.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { openProject } from './open-project.ts';
import { smallDataSet } from './small-data-set.ts';

/** 2×2 images of three classes that differ in how bright they are: a small dense network learns them in seconds. */
export function brightness(train = 48, test = 12): IdxDataSet {
  const split = (count: number) => {
    const labels = Array.from({ length: count }, (_, index) => index % 3);
    return {
      labels,
      pixels: labels.flatMap((label, index) => [0, 1, 2, 3].map((pixel) => label * 100 + ((index * 7 + pixel) % 40))),
    };
  };
  return smallDataSet({ splits: { train: split(train), test: split(test) } });
}

export const settings: TrainingSettings = {
  dataset: 'small',
  preset: 'tutorial-mlp-16',
  epochs: 3,
  batchSize: 8,
  optimizer: { name: 'adam', learningRate: 0.02 },
  seed: 1,
  validation: { amount: 'none', pick: 'last' },
};

interface World {
  readonly folder?: string;
  readonly data?: IdxDataSet;
  readonly trains?: Backend['trains'];
  readonly backend?: Backend;
}

/** A trainer over a project of its own, on plain JavaScript. */
export async function smallTraining({ folder, data = brightness(), trains = 'small', backend }: World = {}) {
  if (!backend) await tf.setBackend('cpu');
  const project = await openProject(folder);
  const store = await RunStore.open(project);
  const reported: unknown[] = [];
  const trainer = new Trainer({
    store,
    dataset: () => Promise.resolve(data),
    backend: backend ?? { name: 'cpu', trains, use: () => Promise.resolve() },
    busy: () => () => undefined,
    report: (thrown) => reported.push(thrown),
  });
  onTestFinished(() => trainer.close());
  return { project, store, trainer, data, reported };
}

/** Everything that is told of a run until it ends; `hear` may act on it meanwhile. */
export async function follow(trainer: Trainer, run: RunSummary, hear?: (event: RunEvent) => unknown): Promise<Heard> {
  const events: RunEvent[] = [];
  for await (const event of trainer.watch(run.id, undefined)) {
    events.push(event);
    await hear?.(event);
  }
  return {
    events,
    batches: events.flatMap((event) => (event.kind === 'batches' ? event.batches : [])),
    states: events.flatMap((event) => (event.kind === 'run' ? [event.run.state] : [])),
  };
}

export interface Heard {
  readonly events: RunEvent[];
  readonly batches: BatchRecord[];
  readonly states: RunSummary['state'][];
}
