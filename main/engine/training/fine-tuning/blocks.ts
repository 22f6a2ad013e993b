import type { PlacedLayer } from '#engine/model/placement.ts';

/** How names of a block's layers begin in keras.applications: conv5_block3_, block_16_, block7a_, block5_, expanded_conv_3_. */
const prefix = /^(conv\d+_block\d+|block_?\d+[a-z]?|expanded_conv(?:_\d+)?)_/;

interface Block {
  readonly key: string | null;
  readonly names: string[];
  /** It has a layer that learns, normalization aside. */
  weighted: boolean;
  /** And after that one a place through which all goes. */
  closed: boolean;
}

/**
 * A base's blocks, first to last, as names of their layers; every layer is in one. A block is what the names say; without
 * such names it is what lies between two places through which all goes, with the normalization and activations that
 * follow. So a residual block is one, an Inception module is one, and so is a single convolution in a chain of them.
 */
export function blocksOf(layers: readonly PlacedLayer[]): string[][] {
  const narrow = narrowPlaces(layers);
  const blocks: Block[] = [];
  for (const [place, { layer, facts }] of layers.entries()) {
    const key = prefix.exec(layer.name)?.[1] ?? null;
    const weighted = facts.weights.length > 0 && layer.kind !== 'BatchNormalization';
    let block = blocks.at(-1);
    const other = key !== null ? key !== block?.key : weighted && (block?.closed === true || block?.key !== null);
    if (!block || other) blocks.push((block = { key, names: [], weighted: false, closed: false }));
    block.names.push(layer.name);
    block.weighted ||= weighted;
    block.closed = block.weighted && (narrow.has(place) || (block.closed && !weighted));
  }
  return blocks.map(({ names }) => names);
}

/** Places in the list after which nothing takes what was made before, but for what the layer there gives. */
function narrowPlaces(layers: readonly PlacedLayer[]): Set<number> {
  const places = new Map(layers.map(({ layer }, place) => [layer.name, place]));
  const narrow = new Set<number>();
  /** How far back the layers after a place reach. */
  let reach = Infinity;
  for (let place = layers.length - 1; place >= 0; place--) {
    if (reach >= place) narrow.add(place);
    for (const input of layers[place]?.inputs ?? []) reach = Math.min(reach, places.get(input) ?? -1);
  }
  return narrow;
}
