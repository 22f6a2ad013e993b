import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/failures.ts';
import { problemOf } from '../formats/file-problem.ts';
import { Hdf5Thread } from '../formats/hdf5/hdf5-thread.ts';
import { kerasOrder } from '../formats/keras/writing/keras-order.ts';
import { matchWeights } from '../formats/keras/reading/match-weights.ts';
import { layoutOf, storedLayers, type StoredLayer } from '../formats/keras/reading/stored-weights.ts';
import { placeLayers } from '../placement.ts';
import { classCount, type ZooDefinition } from './definition.ts';

/**
 * The network that a file of weights belongs to, by the names and shapes in it; no values are read. Null when it fits none.
 * Fails: `model/file-refused`, `model/file-damaged`, `call/cancelled`.
 */
export async function recogniseWeights(
  path: string,
  definitions: readonly ZooDefinition[],
  signal?: AbortSignal,
): Promise<ZooDefinition | null> {
  const stored = await layersIn(path, signal);
  for (const definition of definitions) {
    signal?.throwIfAborted();
    await breathe();
    if (fits(definition, stored)) return definition;
  }
  return null;
}

async function layersIn(path: string, signal?: AbortSignal): Promise<StoredLayer[]> {
  const thread = new Hdf5Thread({ signal });
  try {
    const outline = await thread.open({ path });
    return storedLayers(outline, layoutOf(outline));
  } catch (thrown) {
    throw problemOf(thrown, path);
  } finally {
    await thread.dispose();
  }
}

function fits({ network, parameters }: ZooDefinition, stored: readonly StoredLayer[]): boolean {
  const values = stored.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + product(shape), 0);
  if (values !== parameters) return false;
  const spec = network();
  const [height, width, channels] = spec.input;
  const placed = placeLayers(spec, { height, width, channels, classes: classCount });
  const wanted = placed.map(({ layer, inputs, facts }) => ({ layer, inputs, weights: facts.weights }));
  try {
    matchWeights(wanted, stored, kerasOrder(wanted));
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'model/weights-differ') return false;
    throw thrown;
  }
}

const product = (shape: readonly number[]) => shape.reduce((size, side) => size * side, 1);
