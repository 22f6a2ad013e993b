import { AppError } from '#contract/failures.ts';
import type { RunSummary } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { tf } from '#engine/backend/tensors.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import { weightsFile } from './run-files.ts';
import { pixelsOf, readRunSpec } from './run-spec.ts';
import { readSafetensors, writeSafetensors } from '#engine/model/safetensors.ts';
import type { NamedArray } from './steps.ts';

/**
 * Returns the SHA-256 of the weights.
 * Fails: `train/not-finite`, `file/no-space`, `file/not-writable`; the earlier file is then intact.
 */
export async function saveRunWeights(folder: string, weights: readonly NamedArray[]): Promise<string> {
  refuseNotFinite(weights);
  return writeSafetensors(weightsFile(folder), weights);
}

/**
 * A loss is that before the update: weights can be lost in the very step whose loss was still a number.
 * Fails: `train/not-finite`.
 */
export function refuseNotFinite(weights: readonly NamedArray[]): void {
  const lost = weights.find(({ values }) => !values.every(Number.isFinite));
  if (!lost) return;
  throw new AppError('train/not-finite', `The weights of ${lost.name} are no longer numbers.`, { weights: lost.name });
}

/** Whether every weight is a number. */
export function areFinite(weights: readonly NamedArray[]): boolean {
  return weights.every(({ values }) => values.every(Number.isFinite));
}

/**
 * The run's network with its weights; the caller disposes it.
 * Fails: `run/no-weights`, `run/torn`, `run/newer-version`, `model/…`.
 */
export async function loadRunNetwork(
  run: RunSummary,
  folder: string,
  { height, width, channels }: Pick<DataSet, 'height' | 'width' | 'channels'>,
): Promise<Network> {
  refuseUnreadable(run);
  const spec = await readRunSpec(run, folder);
  const images = { height, width, channels, classes: run.classes.length };
  const network = networkOf(spec, images, run.settings.seed, pixelsOf(spec, run));
  try {
    const expected = network.variables.map(({ name, variable }) => ({ name, shape: variable.shape }));
    const tensors = await readSafetensors(weightsFile(folder), run.id, expected);
    tf.tidy(() => {
      for (const [place, { variable }] of network.variables.entries()) {
        const { values, shape } = tensors[place] ?? { values: new Float32Array(), shape: [0] };
        variable.assign(tf.tensor(values, [...shape]));
      }
    });
    return network;
  } catch (thrown) {
    network.dispose();
    throw thrown;
  }
}

/** Without its run.json nobody knows which network a run has: the store lists it with the reason as its failure. */
export function refuseUnreadable({ failure }: RunSummary): void {
  if (failure?.code !== 'run/torn' && failure?.code !== 'run/newer-version') return;
  throw new AppError(failure.code, failure.message, failure.details);
}
