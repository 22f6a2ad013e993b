import { setImmediate as breathe } from 'node:timers/promises';
import { networkOf, type Network } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { Explainer } from './explainer.ts';
import type { Plane } from './heat.ts';
import type { Question, Watching } from './question.ts';
import { spearman } from './ranks.ts';

/** Stages of the cascade at most: of deep networks several layers go together. */
const mostStages = 16;
const randomSeed = 20181;

export interface CascadeStep {
  /** The earliest of those randomised by now. */
  readonly layer: string;
  readonly correlation: number;
  readonly map: Plane;
}

/**
 * Adebayo et al. 2018, §3: weights are drawn anew as before training, from the last layer towards the first, and after each
 * stage the map of the same class is compared with the true one. On a network of its own: nobody else's weights change.
 */
export async function cascade(
  model: PortableModel,
  pixels: Uint8Array,
  index: number | null,
  question: Question,
  { signal, progress }: Watching,
): Promise<CascadeStep[]> {
  const [height, width, channels] = model.spec.input;
  const classes = model.classes.length;
  const images = { height, width, channels, classes };
  const random = valuesOf(networkOf(model.spec, images, randomSeed));
  const network = networkOf(model.spec, images, 0, model.pixels, model.weights);
  const explainer = new Explainer(network, { changing: true });
  try {
    const values: Float32Array[] = network.variables.map(({ variable }) => variable.dataSync<'float32'>().slice());
    const stages = stagesOf(
      network,
      explainer.parts.layers.map(({ layer }) => layer.name),
    );
    const total = stages.length + 1;
    const truth = await explainer.heat(pixels, index, question, { signal });
    progress?.(1, total);
    const steps: CascadeStep[] = [];
    for (const stage of stages) {
      await breathe();
      signal?.throwIfAborted();
      for (const place of stage.variables) values[place] = random[place] ?? new Float32Array();
      explainer.write(values);
      const { map } = await explainer.heat(pixels, truth.class, question, { signal });
      steps.push({ layer: stage.layer, correlation: spearman(truth.map.values, map.values), map });
      progress?.(steps.length + 1, total);
    }
    return steps;
  } finally {
    explainer.dispose();
    network.dispose();
  }
}

interface Stage {
  readonly layer: string;
  /** Places among the network's variables. */
  readonly variables: readonly number[];
}

/** Layers with weights, last first, in stages of equally many. */
function stagesOf(network: Network, names: readonly string[]): Stage[] {
  const places = new Map<string, number[]>();
  for (const [place, { name }] of network.variables.entries()) {
    const layer = name.slice(0, name.lastIndexOf('/'));
    places.set(layer, [...(places.get(layer) ?? []), place]);
  }
  const weighted = names.filter((name) => places.has(name)).reverse();
  const count = Math.min(mostStages, weighted.length);
  return Array.from({ length: count }, (_, stage) => {
    const first = Math.round((stage * weighted.length) / count);
    const layers = weighted.slice(first, Math.round(((stage + 1) * weighted.length) / count));
    return { layer: layers.at(-1) ?? '', variables: layers.flatMap((name) => places.get(name) ?? []) };
  });
}

function valuesOf(network: Network): Float32Array[] {
  const values = network.variables.map(({ variable }) => variable.dataSync<'float32'>().slice());
  network.dispose();
  return values;
}
