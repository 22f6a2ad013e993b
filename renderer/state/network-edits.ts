import { kerasName, mergingKinds, newLayer } from '#contract/layer-fields.ts';
import {
  inputName,
  layerName,
  layerSpec,
  type LayerKind,
  type LayerSpec,
  type NetworkSpec,
} from '#contract/network.ts';

type Layers = NetworkSpec['layers'];

/** Names of the layers that one takes its input from. */
export function inputsOf(layers: Layers, place: number): readonly string[] {
  return layers[place]?.inputs ?? [layers[place - 1]?.name ?? inputName];
}

/** Keras' name for such a layer, with the first number that is free. */
export function freeName(layers: Layers, kind: LayerKind): string {
  const names = new Set(layers.map(({ name }) => name));
  const first = kerasName(kind);
  for (let number = 0; ; number++) {
    const name = number === 0 ? first : `${first}_${number}`;
    if (!names.has(name)) return name;
  }
}

/**
 * A new layer behind the one of this name, or at the beginning; what took that one's output takes the new one's.
 * @param fits another layer whose output fits that one's, for layers that take two
 */
export function added(spec: NetworkSpec, kind: LayerKind, after: string | null, fits?: string) {
  const { layers } = spec;
  const place = layers.findIndex(({ name }) => name === after) + 1;
  const fresh = newLayer(kind, freeName(layers, kind));
  const before = layers[place - 1]?.name ?? inputName;
  const layer: LayerSpec = mergingKinds.includes(kind) ? { ...fresh, inputs: [before, fits ?? before] } : fresh;
  const rest = layers.slice(place).map((each) => renamedInputs(each, before, layer.name, after !== null));
  return { spec: { ...spec, layers: [...layers.slice(0, place), layer, ...rest] }, name: layer.name };
}

/** Without a layer: what took its output takes its input; it is no auxiliary output any more. */
export function removed(spec: NetworkSpec, name: string): NetworkSpec {
  const { layers } = spec;
  const place = layers.findIndex((layer) => layer.name === name);
  if (place < 0) return spec;
  const inputs = inputsOf(layers, place);
  const rest = layers.flatMap((layer, at) => {
    if (at === place) return [];
    const explicit = at === place + 1 && !layer.inputs && layers[place]?.inputs ? { ...layer, inputs } : layer;
    if (!explicit.inputs?.includes(name)) return [explicit];
    return [
      { ...explicit, inputs: [...new Set(explicit.inputs.flatMap((each) => (each === name ? inputs : [each])))] },
    ];
  });
  const auxiliary = spec.auxiliary?.filter(({ layer }) => layer !== name);
  return { ...spec, layers: rest, ...(auxiliary ? { auxiliary } : {}) };
}

/** A layer so many places further down; it stays within the list. */
export function moved(spec: NetworkSpec, name: string, by: number): NetworkSpec {
  const from = spec.layers.findIndex((layer) => layer.name === name);
  const to = Math.min(spec.layers.length - 1, Math.max(0, from + by));
  if (from < 0 || to === from) return spec;
  const layers = [...spec.layers];
  layers.splice(to, 0, ...layers.splice(from, 1));
  return { ...spec, layers };
}

/** The same layer once more, right behind. */
export function doubled(spec: NetworkSpec, name: string) {
  const { layers } = spec;
  const place = layers.findIndex((layer) => layer.name === name);
  const layer = layers[place];
  if (!layer) return { spec, name };
  const copy = { ...layer, name: freeName(layers, layer.kind) };
  if (!mergingKinds.includes(layer.kind)) delete copy.inputs;
  const rest = layers.slice(place + 1).map((each) => renamedInputs(each, name, copy.name, true));
  return { spec: { ...spec, layers: [...layers.slice(0, place + 1), copy, ...rest] }, name: copy.name };
}

/**
 * With one argument of a layer changed, or null where the value cannot be; `undefined` takes the argument away.
 * A new name goes to all that take the layer's output.
 */
export function changed(spec: NetworkSpec, name: string, field: string, value: unknown): NetworkSpec | null {
  const layer = spec.layers.find((each) => each.name === name);
  if (!layer) return null;
  const entries = Object.entries({ ...layer, [field]: value }).filter(([, each]) => each !== undefined);
  const parsed = layerSpec.safeParse(Object.fromEntries(entries));
  if (!parsed.success) return null;
  if (field !== 'name') {
    return { ...spec, layers: spec.layers.map((each) => (each === layer ? parsed.data : each)) };
  }
  const next = String(value);
  if (next !== name && (!layerName.safeParse(next).success || spec.layers.some((each) => each.name === next)))
    return null;
  const layers = spec.layers.map((each) => (each === layer ? parsed.data : renamedInputs(each, name, next, true)));
  const auxiliary = spec.auxiliary?.map((each) => (each.layer === name ? { ...each, layer: next } : each));
  return { ...spec, layers, ...(auxiliary ? { auxiliary } : {}) };
}

/** A network to begin with: the least that classifies. */
export function emptyNetwork(input: NetworkSpec['input'], name: string): NetworkSpec {
  const layers: LayerSpec[] = [
    newLayer('Flatten', 'flatten'),
    layerSpec.parse({ ...newLayer('Dense', 'predictions'), units: 'classes', activation: 'softmax' }),
  ];
  return { id: '', name, input, preprocessing: 'divide-255', source: '', layers };
}

function renamedInputs<L extends LayerSpec>(layer: L, from: string, to: string, really: boolean): L {
  if (!really || !layer.inputs?.includes(from)) return layer;
  return { ...layer, inputs: layer.inputs.map((each) => (each === from ? to : each)) };
}
