import { placeLayers, type PlacedLayer } from '#engine/model/placement.ts';
import { inputName, type NetworkData } from '#engine/model/spec.ts';

/** A network without its classifier. */
export interface BasePart {
  /** In their order; the last one is what a new head takes. */
  readonly layers: readonly PlacedLayer[];
  readonly last: PlacedLayer;
  /** The last one gives maps, [height, width, channel]; else a row of values. */
  readonly spatial: boolean;
}

/**
 * All up to the last layer that gives maps of more than one place; a network without such goes up to its last dense
 * layer. For ResNet50 that is conv5_block3_out, for VGG16 block5_pool: what Keras' `include_top=False` leaves.
 * Fails: `model/…` when the network cannot be for its own images.
 */
export function basePart(spec: NetworkData, classes: number): BasePart {
  const [height, width, channels] = spec.input;
  const placed = leadingTo(placeLayers(spec, { height, width, channels, classes }));
  const last = lastMap(placed, 2) ?? lastMap(placed, 1) ?? beforeDense(placed);
  if (!last) throw new Error(`${spec.name} is a classifier alone.`);
  return { layers: leadingTo(placed, last.layer.name), last, spatial: last.facts.outputShape.length === 3 };
}

/** @param places the least of them in a map */
function lastMap(placed: readonly PlacedLayer[], places: number): PlacedLayer | undefined {
  return placed
    .filter(({ layer }) => layer.kind !== 'Rescaling' && layer.kind !== 'Resizing')
    .findLast(({ facts: { outputShape } }) => {
      const [height = 0, width = 0] = outputShape;
      return outputShape.length === 3 && height * width >= places;
    });
}

/** What the last dense layer takes. */
function beforeDense(placed: readonly PlacedLayer[]): PlacedLayer | undefined {
  const dense = placed.findLast(({ layer }) => layer.kind === 'Dense');
  return placed.find(({ layer }) => layer.name === dense?.inputs[0]);
}

/** The layers that this one depends on, and itself. @param name absent = the last one */
export function leadingTo(placed: readonly PlacedLayer[], name = placed.at(-1)?.layer.name ?? ''): PlacedLayer[] {
  const wanted = new Set([name]);
  return placed
    .toReversed()
    .filter(({ layer, inputs }) => {
      if (!wanted.has(layer.name)) return false;
      for (const input of inputs) if (input !== inputName) wanted.add(input);
      return true;
    })
    .reverse();
}
