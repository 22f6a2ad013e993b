import { setImmediate as breathe } from 'node:timers/promises';
import { problemOf } from '../../file-problem.ts';
import { Hdf5Thread } from '../../hdf5/hdf5-thread.ts';
import { placeLayers } from '../../../placement.ts';
import type { NamedValues } from '../../../safetensors.ts';
import type { NetworkData } from '../../../spec.ts';
import { matchWeights, type FoundWeight } from './match-weights.ts';
import { layoutOf, storedLayers } from './stored-weights.ts';

/**
 * Weights for a network that is known, from a Keras file of weights alone (Keras 2, Keras 3 legacy, `.weights.h5`) or of
 * a whole model (.h5). One for each variable that `networkOf(spec)` has, in its order.
 * Fails: `model/weights-differ`, `model/file-refused`, `model/file-damaged`, `call/cancelled`.
 */
export async function loadKerasWeights(
  path: string,
  spec: NetworkData,
  classes: number,
  signal?: AbortSignal,
): Promise<NamedValues[]> {
  const [height, width, channels] = spec.input;
  const placed = placeLayers(spec, { height, width, channels, classes });
  const thread = new Hdf5Thread({ signal });
  try {
    const outline = await thread.open({ path });
    const stored = storedLayers(outline, layoutOf(outline));
    const wanted = placed.map(({ layer, facts }) => ({ layer, weights: facts.weights }));
    return await readFound(thread, matchWeights(wanted, stored));
  } catch (thrown) {
    throw problemOf(thrown, path);
  } finally {
    await thread.dispose();
  }
}

/** Rejects with `FileProblem`. */
export async function readFound(thread: Hdf5Thread, found: readonly FoundWeight[]): Promise<NamedValues[]> {
  const read: NamedValues[] = [];
  for (const { name, shape, path } of found) {
    read.push({ name, shape, values: await thread.values(path, shape) });
    await breathe();
  }
  return read;
}
