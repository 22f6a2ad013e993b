import type { ExplainLayer, Explanation } from '#contract/explain.ts';
import { AppError } from '#contract/failures.ts';
import type { PlacedLayer } from '#engine/model/placement.ts';
import { inputName } from '#engine/model/spec.ts';

export type ChosenLayer = NonNullable<Explanation['layer']>;

const activations = new Set(['ReLU', 'LeakyReLU', 'PReLU', 'ELU']);

/** What the network's answer is made of, in order: without the ways that lead to auxiliary outputs alone. */
export function contributing(placed: readonly PlacedLayer[]): PlacedLayer[] {
  const byName = new Map(placed.map((each) => [each.layer.name, each]));
  const taken = new Set<string>();
  const open = placed.slice(-1);
  for (let each = open.pop(); each; each = open.pop()) {
    if (taken.has(each.layer.name)) continue;
    taken.add(each.layer.name);
    for (const input of each.inputs) open.push(...(byName.get(input) ? [byName.get(input) as PlacedLayer] : []));
  }
  return placed.filter(({ layer }) => taken.has(layer.name));
}

/** Layers whose output has a height and a width. */
export function spatialLayers(layers: readonly PlacedLayer[]): ExplainLayer[] {
  return layers.flatMap(({ layer: { name, kind }, facts: { outputShape } }) => {
    const [height = 0, width = 0, channels = 0] = outputShape;
    return outputShape.length === 3 ? [{ name, kind, height, width, channels }] : [];
  });
}

/**
 * The layer at which Grad-CAM looks when nobody says one: the last activation that still has places, and through which
 * all of the answer passes. An activation inside of one branch of a block does not count: what the shortcut or the other
 * branches carry past it would be left out. Joined branches that each end in an activation do. Where there is none, the
 * last layer with places that all passes through. Places of 1×1 say nothing.
 *
 * @param layers as `contributing` gives them
 * @returns null where no layer has places
 */
export function chooseLayer(layers: readonly PlacedLayer[]): ChosenLayer | null {
  const byName = new Map(layers.map((each) => [each.layer.name, each]));
  const wide = layers.filter(isWide);
  const through = throughAll(layers);
  const passing = wide.filter(({ layer }) => through.has(layer.name));
  const active = passing.findLast((each) => isActive(each, byName)) ?? wide.findLast(({ layer }) => activates(layer));
  const chosen = active ?? passing.at(-1) ?? wide.at(-1);
  if (!chosen) return null;
  if (!active) return described(chosen, 'last-spatial');
  const added = reaches(active, byName, ({ layer }) => layer.kind === 'Add');
  return described(active, added ? 'last-activation-after-addition' : 'last-spatial-activation');
}

/** Fails: `explain/unknown-layer`. */
export function namedLayer(layers: readonly PlacedLayer[], name: string): ChosenLayer {
  const found = layers.find(({ layer }) => layer.name === name);
  if (found?.facts.outputShape.length === 3) return described(found, 'asked-for');
  const there = spatialLayers(layers).map((layer) => layer.name);
  const message = `"${name}" is no layer with a height and a width; there are ${there.join(', ') || 'none'}.`;
  throw new AppError('explain/unknown-layer', message, { layer: name, layers: there.join(', ') });
}

const described = ({ layer, facts }: PlacedLayer, reason: ChosenLayer['reason']): ChosenLayer => {
  const [height = 0, width = 0] = facts.outputShape;
  return { name: layer.name, kind: layer.kind, height, width, reason };
};

const isWide = ({ facts: { outputShape } }: PlacedLayer) =>
  outputShape.length === 3 && (outputShape[0] ?? 0) * (outputShape[1] ?? 0) > 1;

function activates(layer: PlacedLayer['layer']): boolean {
  if (activations.has(layer.kind)) return true;
  return 'activation' in layer && layer.activation !== 'linear' && layer.activation !== 'softmax';
}

function isActive(each: PlacedLayer, byName: ReadonlyMap<string, PlacedLayer>): boolean {
  if (activates(each.layer)) return true;
  if (each.layer.kind !== 'Concatenate') return false;
  const branches = each.inputs.map((name) => byName.get(name));
  // A pooling that keeps the activations of a branch is as good as they are.
  const active = (branch: PlacedLayer | undefined): boolean =>
    branch !== undefined &&
    (isActive(branch, byName) || (branch.layer.kind === 'MaxPooling2D' && active(byName.get(branch.inputs[0] ?? ''))));
  return branches.every(active);
}

/**
 * Layers that lie on every way from the pictures to the answer. Going through the layers in order, those are the ones
 * where nothing made before is still wanted later.
 */
function throughAll(layers: readonly PlacedLayer[]): Set<string> {
  const lastUse = new Map<string, number>();
  for (const [place, { inputs }] of layers.entries()) for (const name of inputs) lastUse.set(name, place);
  const through = new Set<string>();
  let wanted = lastUse.get(inputName) ?? -1;
  for (const [place, { layer }] of layers.entries()) {
    if (wanted <= place) through.add(layer.name);
    wanted = Math.max(wanted, lastUse.get(layer.name) ?? -1);
  }
  return through;
}

function reaches(
  from: PlacedLayer,
  byName: ReadonlyMap<string, PlacedLayer>,
  found: (each: PlacedLayer) => boolean,
): boolean {
  const seen = new Set<string>();
  const open = [...from.inputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const each = byName.get(name);
    if (!each || seen.has(name)) continue;
    if (found(each)) return true;
    seen.add(name);
    open.push(...each.inputs);
  }
  return false;
}
