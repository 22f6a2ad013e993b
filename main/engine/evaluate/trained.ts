import type { RunSummary } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { Network } from '#engine/model/network.ts';

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
