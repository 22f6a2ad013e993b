import { AppError } from '#contract/failures.ts';
import { kerasName } from '#contract/layer-fields.ts';
import type { LayerSpec } from '../../../spec.ts';
import type { WeightFacts } from '../../../layer-facts.ts';
import { parted, type StoredLayer, type StoredWeight } from './stored-weights.ts';

/** A layer of the network, and what it is called in the file where that is known. */
export interface WantedLayer {
  readonly layer: LayerSpec;
  readonly weights: readonly WeightFacts[];
  /** Outermost model first; absent = the layer's own name. */
  readonly path?: readonly string[];
  /** Where Keras 3's files have it: `layers/conv2d_1`. */
  readonly place?: string;
}

/** An array of the network and where its values are. */
export interface FoundWeight {
  /** `<layer>/<weight>` */
  readonly name: string;
  readonly shape: readonly number[];
  readonly path: string;
}

type Pairs = readonly (readonly [WantedLayer, StoredLayer])[];
type Way = (
  wanted: readonly WantedLayer[],
  stored: readonly StoredLayer[],
  ordered: readonly WantedLayer[],
) => Pairs | string;

/**
 * Which array of the file is which of the network: by place (Keras 3's files of the very model), by the layers' names,
 * by the numbers in names that Keras made (`conv2d_94` is the first where there is none before it), by names with those
 * in order that were renamed since (the zoo's `predictions` were once `probs`, `fc1000` and `Logits`), or by the order of
 * layers that have weights. The first way in which every array has its shape is taken.
 * Fails: `model/weights-differ`, naming the first that differs.
 * @param ordered the layers in Keras' order, where that is known
 */
export function matchWeights(
  layers: readonly WantedLayer[],
  file: readonly StoredLayer[],
  ordered: readonly WantedLayer[] = layers,
): FoundWeight[] {
  const wanted = layers.filter(({ weights }) => weights.length > 0);
  const stored = file.filter(({ weights }) => weights.length > 0);
  let said: string | null = null;
  const inOrder = ordered.filter(({ weights }) => weights.length > 0);
  for (const way of [byPlace, byName, byNumber, byMostNames, byOrder]) {
    const pairs = way(wanted, stored, inOrder);
    const found = typeof pairs === 'string' ? pairs : pairUp(pairs);
    if (typeof found !== 'string') return found;
    // What is wrong by the layers' names says most.
    if (way === byName || said === null) said = found;
    if (way === byName && sharesNames(wanted, stored) && stored.length !== wanted.length) break;
  }
  const reason = said ?? 'nothing in it fits';
  throw new AppError('model/weights-differ', `The weights do not fit the network: ${reason}.`, { reason });
}

const byPlace: Way = (wanted, stored) => {
  const places = new Map(stored.map((layer) => [layer.place, layer]));
  return pairWith(wanted, stored, ({ place }) => (place === undefined ? undefined : places.get(place)));
};

const byName: Way = (wanted, stored) => {
  const names = new Map<string, StoredLayer[]>();
  for (const layer of stored) names.set(plainName(layer.name), [...(names.get(plainName(layer.name)) ?? []), layer]);
  return pairWith(wanted, stored, ({ layer, path }) => {
    const found = names.get(plainName(path?.at(-1) ?? layer.name)) ?? [];
    if (found.length < 2) return found[0];
    return found.find(({ group }) => group === path?.[0]);
  });
};

/** Within one family of names, by their numbers. Keras 3's files without names have the family from the class. */
const byNumber: Way = (wanted, stored) => {
  const files = families(stored, ({ name }) => name);
  const ours = families(wanted, ({ layer, path }) => path?.at(-1) ?? layer.name);
  const kinds = families(wanted, ({ layer }) => kerasName(layer.kind), false);
  for (const mine of [ours, kinds]) {
    if (mine.size !== files.size || ![...mine].every(([family, { length }]) => files.get(family)?.length === length)) {
      continue;
    }
    const partners = new Map<WantedLayer, StoredLayer>();
    for (const [family, layers] of mine) {
      layers.forEach((layer, number) => partners.set(layer, files.get(family)?.[number] as StoredLayer));
    }
    const pairs = pairWith(wanted, stored, (layer) => partners.get(layer));
    if (typeof pairs !== 'string' && typeof pairUp(pairs) !== 'string') return pairs;
  }
  return 'its layers have other names';
};

/** Layers of other names in the file are those left over here, one after the other. */
const byMostNames: Way = (wanted, stored, ordered) => {
  if (!sharesNames(wanted, stored)) return 'its layers have other names';
  const names = new Map(stored.map((layer) => [plainName(layer.name), layer]));
  const nameOf = ({ layer, path }: WantedLayer) => plainName(path?.at(-1) ?? layer.name);
  const known = new Set(wanted.map(nameOf));
  const renamed = stored.filter(({ name }) => !known.has(plainName(name)));
  const unnamed = ordered.filter((layer) => !names.has(nameOf(layer)));
  const partners = new Map(unnamed.map((layer, place) => [layer, renamed[place]]));
  return pairWith(wanted, stored, (layer) => names.get(nameOf(layer)) ?? partners.get(layer));
};

const byOrder: Way = (wanted, stored, ordered) => {
  const places = new Map(ordered.map((layer, place) => [layer, place]));
  return pairWith(wanted, stored, (layer) => stored[places.get(layer) ?? -1]);
};

function pairWith(
  wanted: readonly WantedLayer[],
  stored: readonly StoredLayer[],
  partner: (layer: WantedLayer) => StoredLayer | undefined,
): Pairs | string {
  const pairs: [WantedLayer, StoredLayer][] = [];
  for (const layer of wanted) {
    const found = partner(layer);
    if (!found) return `the file has no weights for layer “${layer.layer.name}”`;
    pairs.push([layer, found]);
  }
  const used = new Set(pairs.map(([, layer]) => layer));
  const more = stored.find((layer) => !used.has(layer));
  if (more) return `the file has weights of a layer “${more.name}” that the network does not have`;
  if (used.size < pairs.length) return 'two layers would have the same weights';
  return pairs;
}

/** Every array of these layers, or what is wrong. */
function pairUp(pairs: Pairs): FoundWeight[] | string {
  const found: FoundWeight[] = [];
  for (const [wanted, stored] of pairs) {
    const weights = inLayer(wanted, stored);
    if (typeof weights === 'string') return weights;
    found.push(...weights);
  }
  return found;
}

function inLayer({ layer, weights }: WantedLayer, stored: StoredLayer): FoundWeight[] | string {
  // The oldest files say `block1_conv1_W_1`; they, too, have a layer's arrays in Keras' order.
  const named = stored.weights.some((each) => weights.some(({ name }) => sameWeight(name, each)));
  const found: FoundWeight[] = [];
  for (const [place, { name, shape }] of weights.entries()) {
    const array = named ? stored.weights.find((each) => sameWeight(name, each)) : stored.weights[place];
    if (!array) return `layer “${layer.name}” has no ${name} in the file`;
    if (array.shape.join() !== shape.join()) {
      const [theirs, ours] = [array.shape, shape].map((sides) => sides.join('×') || 'one value');
      return `“${layer.name}/${name}” is ${theirs} in the file and ${ours} in the network`;
    }
    found.push({ name: `${layer.name}/${name}`, shape, path: array.path });
  }
  // Normalization counts what it has seen, which nothing else uses.
  const more = stored.weights.length - weights.length - (layer.kind === ('Normalization' as string) ? 1 : 0);
  if (more > 0)
    return `layer “${layer.name}” has ${stored.weights.length} arrays in the file, expected ${weights.length}`;
  return found;
}

/** Keras 2 says depthwise_kernel where Keras 3 says kernel. */
function sameWeight(name: string, stored: StoredWeight): boolean {
  return stored.name === name || (name === 'kernel' && stored.name === 'depthwise_kernel');
}

/** As layers are called here: without what Heatlens' names do not allow. */
export function plainName(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^[.-]+/, '_')
    .slice(0, 100);
  return plain === '' ? '_' : plain;
}

function sharesNames(wanted: readonly WantedLayer[], stored: readonly StoredLayer[]): boolean {
  const names = new Set(stored.map(({ name }) => plainName(name)));
  // Half of them: names that Keras numbers are often the same by chance.
  return wanted.filter(({ layer }) => names.has(layer.name)).length * 2 > wanted.length;
}

function families<T>(layers: readonly T[], nameOf: (layer: T) => string, numbered = true): Map<string, T[]> {
  const found = new Map<string, { layer: T; number: number }[]>();
  for (const [place, layer] of layers.entries()) {
    const { family, number } = numbered ? parted(nameOf(layer)) : { family: nameOf(layer), number: place };
    found.set(family, [...(found.get(family) ?? []), { layer, number }]);
  }
  const inOrder = [...found].map(
    ([family, list]) => [family, list.sort((a, b) => a.number - b.number).map(({ layer }) => layer)] as const,
  );
  return new Map(inOrder);
}
