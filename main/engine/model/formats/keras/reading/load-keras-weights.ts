import { setImmediate as breathe } from 'node:timers/promises';
import { problemOf } from '../../file-problem.ts';
import { Hdf5Thread } from '../../hdf5/hdf5-thread.ts';
import { placeLayers } from '../../../placement.ts';
import type { NamedValues } from '../../../safetensors.ts';
import type { NetworkData } from '../../../spec.ts';
import { kerasOrder } from '../writing/keras-order.ts';
import { matchWeights, type FoundWeight } from './match-weights.ts';
import { layoutOf, storedLayers, type StoredLayer } from './stored-weights.ts';

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
  return (await loadWeights(path, spec, [classes], signal)).weights;
}

/** The same where nobody knows how many classes there are: as many as a kernel in the file has outputs, if that fits. */
export async function loadWeightsAlone(
  path: string,
  spec: NetworkData,
  signal?: AbortSignal,
): Promise<{ classes: number; weights: NamedValues[] }> {
  return loadWeights(path, spec, null, signal);
}

async function loadWeights(
  path: string,
  spec: NetworkData,
  counts: readonly number[] | null,
  signal: AbortSignal | undefined,
): Promise<{ classes: number; weights: NamedValues[] }> {
  const thread = new Hdf5Thread({ signal });
  try {
    const outline = await thread.open({ path });
    const stored = storedLayers(outline, layoutOf(outline));
    const { classes, found } = matchSome(spec, stored, counts ?? possibleClasses(stored));
    return { classes, weights: await readFound(thread, found) };
  } catch (thrown) {
    throw problemOf(thrown, path);
  } finally {
    await thread.dispose();
  }
}

/** The first number of classes with which everything fits. Fails: `model/weights-differ`, as with the first. */
function matchSome(spec: NetworkData, stored: readonly StoredLayer[], counts: readonly number[]) {
  const [height, width, channels] = spec.input;
  let said: unknown;
  for (const classes of counts) {
    const placed = placeLayers(spec, { height, width, channels, classes });
    const wanted = placed.map(({ layer, inputs, facts }) => ({ layer, inputs, weights: facts.weights }));
    try {
      const outputs = placed.at(-1)?.facts.outputShape[0] ?? classes;
      return { classes: outputs, found: matchWeights(wanted, stored, kerasOrder(wanted)) };
    } catch (thrown) {
      said ??= thrown;
    }
  }
  throw said;
}

/** Outputs of the file's dense layers, those of its last first. */
function possibleClasses(stored: readonly StoredLayer[]): number[] {
  const outputs = stored.flatMap(({ weights }) =>
    weights.flatMap(({ shape }) => (shape.length === 2 ? [shape[1] ?? 1] : [])),
  );
  return [...new Set(outputs.reverse()), 1].slice(0, 20);
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
