import { onTestFinished } from 'vitest';
import type { BatchRecord, RunEvent, RunSummary } from '#contract/training.ts';
import type { Backend } from '#engine/backend/load.ts';
import type { MachineMemory } from '#engine/backend/machine-memory.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { MemoryDataSet } from './memory-data-set.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { brightness } from './brightness.ts';
import { openProject } from './open-project.ts';

export { brightness, settings } from './brightness.ts';

interface World {
  readonly folder?: string;
  readonly data?: MemoryDataSet;
  readonly trains?: Backend['trains'];
  readonly backend?: Backend;
  readonly memory?: MachineMemory;
  readonly network?: (id: string) => NetworkSpec;
}

/** A trainer over a project of its own, on plain JavaScript. */
export async function smallTraining({
  folder,
  data = brightness(),
  trains = 'small',
  backend,
  memory,
  network,
}: World = {}) {
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
    ...(network && { network }),
    ...(memory && { memory: () => Promise.resolve(memory) }),
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
