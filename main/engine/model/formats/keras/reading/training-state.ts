import type { LossSettings, OptimizerSettings } from '#contract/training-settings.ts';
import type { PortableTraining } from '../../../portable.ts';
import { placeLayers } from '../../../placement.ts';
import type { NetworkData } from '../../../spec.ts';
import { FileProblem } from '../../file-problem.ts';
import type { Hdf5Thread } from '../../hdf5/hdf5-thread.ts';
import type { Outline } from '../../hdf5/words.ts';
import { isObject } from '../../safe-json.ts';
import { lossFrom, optimizerFrom, type KerasObject } from '../compile-config.ts';
import { kerasOwnVariables, slotPairs } from '../optimizer-slots.ts';
import { namesIn } from './stored-weights.ts';

/** An array of the optimizer's, in Keras' order. */
export interface StoredSlot {
  readonly path: string;
  readonly shape: readonly number[];
}

export interface Compiled {
  /** Keras' name of its class. */
  readonly optimizer: string;
  readonly settings: OptimizerSettings | null;
  readonly loss: LossSettings | null;
}

/** `compile_config` of a .keras file, `training_config` of an .h5 file. Null where nothing is said of training. */
export function compiledFrom(config: unknown, notes: Set<string>): Compiled | null {
  if (!isObject(config)) return null;
  const optimizer = config['optimizer'] ?? config['optimizer_config'];
  if (!isObject(optimizer) || typeof optimizer['class_name'] !== 'string') return null;
  const plain = { ...optimizer, config: isObject(optimizer['config']) ? optimizer['config'] : {} } as KerasObject;
  const found = optimizerFrom(plain);
  if (!found) notes.add(`Its optimizer, ${plain.class_name}, is not taken over.`);
  for (const note of found?.notes ?? []) notes.add(note);
  return { optimizer: plain.class_name, settings: found?.settings ?? null, loss: lossFrom(config['loss']) };
}

/** In a .keras file. */
export function slotsInStore(outline: Outline): StoredSlot[] {
  const vars = outline.groups.get('optimizer')?.groups.get('vars');
  return [...(vars?.datasets ?? [])]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([number, { shape }]) => ({ path: `/optimizer/vars/${number}`, shape }));
}

/** In an .h5 file. */
export function slotsInLegacy(outline: Outline): StoredSlot[] {
  const group = outline.groups.get('optimizer_weights');
  return namesIn(group?.attributes ?? {}, 'weight_names').flatMap((name) => {
    let at = group;
    const parts = name.split('/');
    for (const part of parts.slice(0, -1)) at = at?.groups.get(part);
    const found = at?.datasets.get(parts.at(-1) ?? '');
    return found ? [{ path: `/optimizer_weights/${name}`, shape: found.shape }] : [];
  });
}

/**
 * Where training stood. A state that is not what the optimizer has is left where it is, with a note: the network itself
 * does not need it.
 */
export async function readTraining(
  thread: Hdf5Thread,
  { settings, loss }: Compiled,
  stored: readonly StoredSlot[],
  spec: NetworkData,
  classes: number,
  notes: Set<string>,
): Promise<PortableTraining | undefined> {
  if (!settings || stored.length === 0) return undefined;
  const [height, width, channels] = spec.input;
  const learns = placeLayers(spec, { height, width, channels, classes }).flatMap(({ layer, facts }) =>
    facts.weights
      .filter(({ trainable }) => trainable)
      .map(({ name, shape }) => ({ name: `${layer.name}/${name}`, shape })),
  );
  const shapes = new Map(learns.map(({ name, shape }) => [name, shape]));
  const pairs = slotPairs(
    settings,
    learns.map(({ name }) => name),
  );
  const [iteration] = stored;
  const slots = stored.slice(kerasOwnVariables.length);
  const shapeOf = (weight: string | null) => (weight === null ? [] : (shapes.get(weight) ?? []));
  const fit =
    slots.length === pairs.length &&
    pairs.every(({ weight }, place) => slots[place]?.shape.join() === shapeOf(weight).join());
  if (!iteration || !fit) {
    notes.add('The optimizer’s state in it is not that of its weights and is left out.');
    return undefined;
  }
  try {
    const [step = 0] = await thread.values(iteration.path, []);
    const values = [];
    for (const [place, { slot, weight }] of pairs.entries()) {
      const shape = shapeOf(weight);
      values.push({ name: slot, shape, values: await thread.values(slots[place]?.path ?? '', shape) });
    }
    return { optimizer: settings, ...(loss && { loss }), step: Math.max(0, Math.round(step)), slots: values };
  } catch (thrown) {
    if (!(thrown instanceof FileProblem) || thread.over) throw thrown;
    notes.add('The optimizer’s state in it cannot be read and is left out.');
    return undefined;
  }
}
