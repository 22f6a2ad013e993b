import type { RunSummary } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { Network } from '#engine/model/network.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';

/** What this room takes from those before it. */
export interface Trained {
  /** Fails: `run/unknown`. */
  summary(run: string): Promise<RunSummary>;
  /** The run's own folder. */
  folder(run: string): string;
  /** A network of its own with the run's weights, to be disposed of by the caller. Fails: `run/no-weights`. */
  network(run: string): Promise<Network>;
  /** Fails: `data/unknown-set`. */
  dataset(id: string): Promise<DataSet>;
  /** Settles when tensors can be computed. Fails: `engine/not-ready`. */
  ready(): Promise<void>;
}

interface Rooms {
  readonly runs: { get(id: string): RunSummary; folder(id: string): string };
  readonly catalogue: { get(id: string): Promise<DataSet> };
  ready(): Promise<void>;
}

/** The rooms of one project as this room sees them. */
export function trainedIn({ runs, catalogue, ready }: Rooms): Trained {
  return {
    summary: async (id) => runs.get(id),
    folder: (id) => runs.folder(id),
    network: async (id) => {
      const run = runs.get(id);
      return loadRunNetwork(run, runs.folder(id), run.images ?? (await catalogue.get(run.settings.dataset)));
    },
    dataset: (id) => catalogue.get(id),
    ready,
  };
}
