import { inputName } from '#contract/network.ts';
import { damaged, refused } from '../../file-problem.ts';
import { isObject } from '../../safe-json.ts';
import { takenBy } from './inbound-nodes.ts';
import { configOf, nameOf, textOf, type Json } from './layer-json.ts';
import { plainName } from './match-weights.ts';

/** A layer of the file's network, models inside of it taken apart. */
export interface FileLayer {
  /** Here; of no other layer. */
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names, here. */
  readonly inputs: readonly string[];
  /** In the file, outermost model first. */
  readonly path: readonly string[];
  /** Where Keras 3's files have its weights. */
  readonly place: string;
}

export interface FileNetwork {
  readonly name: string;
  readonly input: readonly [number, number, number];
  readonly layers: readonly FileLayer[];
  /** Name of the layer whose values the model gives. */
  readonly output: string;
  readonly version: 2 | 3;
}

/** Classes of models. */
const models = new Set(['Sequential', 'Functional', 'Model']);
const deepest = 16;
const mostLayers = 5000;
const largestSide = 65_536;

/** What Keras 2 or 3 says of a model, `{class_name, config}`. Throws `FileProblem`. */
export function readArchitecture(model: Json, notes: Set<string>): FileNetwork {
  const reading = new Reading(notes, /"__keras_tensor__"|"registered_name"|"batch_shape"/.test(JSON.stringify(model)));
  refuseStrange(model, 'the model');
  if (!models.has(textOf(model, 'class_name'))) {
    throw refused(`it is a ${textOf(model, 'class_name')}, not a Sequential or Functional model`);
  }
  const output = reading.model(model, null, [], '');
  if (!reading.input) throw refused('it does not say how large its images are');
  const name = configOf(model)['name'];
  return {
    name: typeof name === 'string' && name !== '' ? name : 'model',
    input: reading.input,
    layers: reading.layers,
    output,
    version: reading.version,
  };
}

class Reading {
  readonly layers: FileLayer[] = [];
  readonly version: 2 | 3;
  input: [number, number, number] | null = null;
  readonly #notes: Set<string>;
  readonly #names = new Set<string>([inputName]);

  constructor(notes: Set<string>, three: boolean) {
    this.#notes = notes;
    this.version = three ? 3 : 2;
  }

  /** @param from what it is given; null for the outermost, whose input are the images. @returns what its output is called */
  model(model: Json, from: string | null, path: readonly string[], place: string): string {
    if (path.length > deepest) throw refused(`its models lie more than ${deepest} deep in each other`);
    const config = configOf(model);
    // Keras before 2.2 wrote a Sequential's layers as the config.
    const list = Array.isArray(model['config']) ? (model['config'] as unknown[]) : config['layers'];
    if (!Array.isArray(list) || list.length === 0) throw damaged('its config has no layers');
    if (list.length > mostLayers) throw refused(`it has more than ${mostLayers} layers`);
    const layers = list.map((layer) => {
      if (!isObject(layer)) throw damaged('a layer in its config is none');
      refuseStrange(layer, `layer “${nameOf(layer)}”`);
      return layer;
    });
    const places = placesOf(layers, place, model['class_name'] === 'Sequential');
    return model['class_name'] === 'Sequential'
      ? this.#sequential(layers, config, model, from, path, places)
      : this.#functional(layers, config, from, path, places);
  }

  #sequential(
    layers: readonly Json[],
    config: Json,
    model: Json,
    from: string | null,
    path: readonly string[],
    places: ReadonlyMap<Json, string>,
  ): string {
    let at = from;
    if (at === null) {
      // The images' size: an InputLayer, the first layer's own argument, or the shape it was built for.
      const build = isObject(model['build_config']) ? model['build_config']['input_shape'] : undefined;
      const first = layers[0] as Json;
      const inside = isModel(first) ? undefined : configOf(first);
      const shape =
        inside?.['batch_shape'] ?? inside?.['batch_input_shape'] ?? config['build_input_shape'] ?? build ?? undefined;
      if (shape !== undefined || !isModel(first)) this.#takeInput(shape);
      at = inputName;
    }
    for (const layer of layers) {
      if (layer['class_name'] === 'InputLayer') continue;
      at = this.#layer(layer, [at], path, places.get(layer) ?? '');
    }
    return at;
  }

  #functional(
    layers: readonly Json[],
    config: Json,
    from: string | null,
    path: readonly string[],
    places: ReadonlyMap<Json, string>,
  ): string {
    const inputs = endsOf(config['input_layers']);
    const outputs = endsOf(config['output_layers']);
    if (inputs.length !== 1) throw refused(`a model in it has ${inputs.length} inputs; Heatlens’ have one`);
    if (outputs.length !== 1) throw refused(`a model in it has ${outputs.length} outputs; Heatlens’ have one`);
    const made = new Map<string, string>();
    const waiting = [...layers];
    while (waiting.length > 0) {
      // Keras writes them in an order in which each comes after what it takes; another order is no harm.
      const ready = waiting.findIndex((layer) => takenBy(layer).every((name) => made.has(name)));
      const [layer] = ready < 0 ? [] : waiting.splice(ready, 1);
      if (!layer) throw damaged('its layers take their inputs from each other, or from layers that are not there');
      const name = nameOf(layer);
      if (made.has(name)) throw damaged(`it has two layers called “${name}”`);
      if (layer['class_name'] === 'InputLayer') {
        if (name !== inputs[0]) throw refused(`it has a second input, “${name}”`);
        if (from === null) this.#takeInput(shapeOfInput(configOf(layer)));
        made.set(name, from ?? inputName);
        continue;
      }
      const taken = takenBy(layer).map((each) => made.get(each) as string);
      if (taken.length === 0) throw damaged(`layer “${name}” takes nothing`);
      made.set(name, this.#layer(layer, taken, path, places.get(layer) ?? ''));
    }
    const output = made.get(outputs[0] ?? '');
    if (output === undefined) throw damaged(`its output “${outputs[0]}” is no layer`);
    return output;
  }

  /** @returns what its output is called */
  #layer(layer: Json, inputs: readonly string[], path: readonly string[], place: string): string {
    const said = nameOf(layer);
    if (isModel(layer)) {
      if (inputs.length !== 1) throw refused(`the model “${said}” in it has ${inputs.length} inputs`);
      this.#notes.add(`The layers of the model “${said}” in it are layers of the network itself.`);
      return this.model(layer, inputs[0] ?? inputName, [...path, said], place);
    }
    if (this.layers.length >= mostLayers) throw refused(`it has more than ${mostLayers} layers`);
    const name = this.#nameFor(said, path);
    if (name !== said) this.#notes.add(`Layer “${said}” is called “${name}” here.`);
    const className = textOf(layer, 'class_name');
    this.layers.push({ name, className, config: configOf(layer), inputs, path: [...path, said], place });
    return name;
  }

  /** As Heatlens allows names, and of no other layer. */
  #nameFor(said: string, path: readonly string[]): string {
    const plain = plainName(said);
    const inModel = plainName([...path.slice(-1), said].join('_'));
    const candidates = [
      plain,
      inModel,
      ...Array.from({ length: mostLayers }, (_, number) => `${plain.slice(0, 90)}_${number + 2}`),
    ];
    const name = candidates.find((each) => !this.#names.has(each)) ?? plain;
    this.#names.add(name);
    return name;
  }

  #takeInput(shape: unknown): void {
    if (!Array.isArray(shape)) throw refused('it does not say how large its images are');
    const sides = shape.slice(1) as unknown[];
    if (sides.length !== 3) {
      throw refused(`it takes ${sides.map(String).join('×') || 'single values'}, not images of height×width×channels`);
    }
    if (!sides.every((side) => Number.isInteger(side) && Number(side) > 0)) {
      throw refused(`it takes images of any size (${sides.map((side) => side ?? '?').join('×')}); one size is needed`);
    }
    if (sides.some((side) => Number(side) > largestSide)) throw refused(`it takes images of ${sides.join('×')}`);
    this.input = sides as [number, number, number];
  }
}

function isModel(layer: Json): boolean {
  return models.has(String(layer['class_name']));
}

/** What names something else than Keras' own is refused before anything else is looked at. */
function refuseStrange(object: Json, what: string): void {
  const className = textOf(object, 'class_name');
  const { module, registered_name: registered } = object;
  if (className === 'Lambda' || className === 'TFOpLambda' || className === 'SlicingOpLambda') {
    throw refused(`${what} is a ${className}, code of the file’s own, which Heatlens never runs`);
  }
  if (module !== undefined && module !== null && (typeof module !== 'string' || !/^keras(\.|$)/.test(module))) {
    throw refused(`${what} is of the module ${String(module)}, which is not Keras’ own`);
  }
  if (typeof registered === 'string' && !models.has(registered) && registered !== className) {
    throw refused(`${what} is a custom object, ${registered}`);
  }
}

/** keras/src/saving/saving_lib.py, _save_container_state: by the class' name, counted; an InputLayer counts in functional models only. */
function placesOf(layers: readonly Json[], place: string, sequential: boolean): Map<Json, string> {
  const counts = new Map<string, number>();
  const places = new Map<Json, string>();
  for (const layer of layers) {
    const className = textOf(layer, 'class_name');
    if (sequential && className === 'InputLayer') continue;
    const name = inSnakeCase(className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    places.set(layer, `${place === '' ? '' : `${place}/`}layers/${name}${count === 0 ? '' : `_${count}`}`);
  }
  return places;
}

/** keras/src/utils/naming.py */
function inSnakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** One end or several: `["x", 0, 0]`, `[["x", 0, 0]]`, or by name. */
function endsOf(ends: unknown): string[] {
  if (isObject(ends)) return Object.values(ends).flatMap(endsOf);
  if (!Array.isArray(ends)) throw damaged('its config does not say where it begins or ends');
  if (typeof ends[0] === 'string') return [ends[0]];
  return (ends as unknown[]).flatMap(endsOf);
}

const shapeOfInput = (config: Json) => config['batch_shape'] ?? config['batch_input_shape'];
