import { AppError } from '#contract/failures.ts';
import { inputName, layerSpec, networkSpec, type LayerSpec } from '#contract/network.ts';
import { refused } from '../../file-problem.ts';
import { layerFacts, product, type WeightFacts } from '../../../layer-facts.ts';
import { refuseWrong } from '../../../placement.ts';
import type { NetworkData } from '../../../spec.ts';
import { LayerArguments } from './arguments.ts';
import { readArchitecture } from './architecture.ts';
import { mapLayer, type Bare } from './layer-mapping.ts';
import type { WantedLayer } from './match-weights.ts';

/** A network as a file has it, before its weights. */
export interface ReadNetwork {
  readonly spec: NetworkData;
  readonly classes: number;
  readonly endsIn: string;
  /** Layers whose weights lie in the file. */
  readonly wanted: readonly WantedLayer[];
  /** Values that the file has as arguments of layers, by the weights' names. */
  readonly constants: ReadonlyMap<string, Float32Array>;
}

/** As many as Keras' own loader takes; a config of some bytes can ask for any number. */
const mostParameters = 2 ** 30;
/** Values that a config has as arguments are one for each channel. */
const mostConstants = 65_536;

/**
 * From a model's config, Keras 2 or 3.
 * @param notes what is changed in reading, in sentences
 * Throws `FileProblem`.
 */
export function readNetwork(model: Readonly<Record<string, unknown>>, notes: Set<string>): ReadNetwork {
  const { name, input, layers, output, version } = readArchitecture(model, notes);
  const shapes = new Map<string, readonly number[]>([[inputName, input]]);
  // Layers that are left out are what they take.
  const stands = new Map<string, string>([[inputName, inputName]]);
  const specs: LayerSpec[] = [];
  const wanted: WantedLayer[] = [];
  const constants = new Map<string, Float32Array>();
  let parameters = 0;
  for (const { name: called, className, config, inputs, path, place } of layers) {
    const taken = inputs.map((each) => stands.get(each) ?? each);
    const given = new LayerArguments({ name: called, className, version }, config, notes);
    const { layer, constants: values = {} } = mapLayer(given, shapes.get(taken[0] ?? '') ?? []);
    if (!layer) {
      stands.set(called, taken[0] ?? inputName);
      continue;
    }
    const spec = complete(layer, called, taken, specs.at(-1)?.name ?? inputName);
    if (!layerSpec.safeParse(spec).success) throw refused(`layer “${called}” has a setting beyond its range`);
    const facts = factsOf(
      spec,
      taken.map((each) => shapes.get(each) ?? []),
    );
    parameters += facts.weights.reduce((sum, { shape }) => sum + product(shape), 0);
    if (!(parameters <= mostParameters)) throw refused('it has more weights than fit in 4 GiB');
    const frozen = config['trainable'] === false && facts.weights.length > 0;
    specs.push(frozen ? { ...spec, trainable: false } : spec);
    stands.set(called, called);
    shapes.set(called, facts.outputShape);
    if (Object.keys(values).length === 0) wanted.push({ layer: spec, weights: facts.weights, path, place });
    else for (const weight of facts.weights) constants.set(`${called}/${weight.name}`, filled(weight, values, called));
  }
  const last = specs.at(-1);
  const end = stands.get(output) ?? output;
  if (!last) throw refused('it has no layers');
  if (last.name !== end) throw refused(`its output “${end}” is not its last layer`);
  const [classes, ...rest] = shapes.get(end) ?? [];
  if (classes === undefined || rest.length > 0) {
    throw refused(`it gives ${(shapes.get(end) ?? []).join('×')} values, not one for each class`);
  }
  const parsed = networkSpec.safeParse({
    ...{ id: 'from-a-file', name: name.slice(0, 200), input, preprocessing: 'none', source: '', layers: specs },
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path[0] === 'layers' ? specs[Number(issue.path[1])]?.name : undefined;
    throw refused(
      at === undefined ? 'it is larger than Heatlens’ networks' : `layer “${at}” has a setting beyond its range`,
    );
  }
  const [height, width, channels] = input;
  asRefusal(() => refuseWrong(parsed.data, { height, width, channels, classes }));
  return {
    spec: parsed.data,
    classes,
    endsIn: 'activation' in last ? last.activation : 'linear',
    wanted,
    constants,
  };
}

function complete(layer: Bare, name: string, inputs: readonly string[], before: string): LayerSpec {
  // The layer before it is what it takes where nothing else is said.
  const usual = inputs.length === 1 && inputs[0] === before;
  const whole = { ...layer, name, ...(usual ? {} : { inputs }) };
  return whole as LayerSpec;
}

function factsOf(layer: LayerSpec, inputs: readonly (readonly number[])[]) {
  return asRefusal(() => layerFacts(layer, inputs, 0));
}

/** A layer that cannot be is the file's fault. */
function asRefusal<T>(ask: () => T): T {
  try {
    return ask();
  } catch (thrown) {
    if (thrown instanceof AppError) throw refused(thrown.message.replace(/\.$/, ''));
    throw thrown;
  }
}

function filled({ name, shape }: WeightFacts, values: Readonly<Record<string, readonly number[]>>, layer: string) {
  const given = values[name] ?? [0];
  const count = product(shape);
  if (count > mostConstants) throw refused(`layer “${layer}” has more channels than Heatlens’ networks`);
  if (given.length !== 1 && given.length !== count) {
    throw refused(`layer “${layer}” has ${given.length} figures for ${count} channels`);
  }
  return Float32Array.from({ length: count }, (_, place) => given[given.length === 1 ? 0 : place] ?? 0);
}
