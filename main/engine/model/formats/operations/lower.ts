import type { PortableModel } from '../../portable.ts';
import { caffeMeans, torch } from '../../pixels.ts';
import { placeLayers, type PlacedLayer } from '../../placement.ts';
import { inputName } from '../../spec.ts';
import type { Beyond } from './activate.ts';
import { lowerLayer } from './lower-layer.ts';
import { OperationList, type Constant, type Operations, type Value } from './operation.ts';

export interface Lowered extends Operations {
  /** Sentences: what comes out otherwise than the network says. */
  readonly notes: readonly string[];
}

/** What ImageDataGenerator adds to a deviation; as `pixels.ts`. */
const epsilon = 1e-6;

/**
 * The model for prediction, from pixels to probabilities: without dropout and auxiliary classifiers, with a softmax at
 * the end also where the network gives logits.
 *
 * @param pixels `inside`: the input is 0…255 and treated first; `beside`: it is what the first layer takes
 * Fails: `model/…`, naming the layer that is wrong.
 */
export function lower(model: PortableModel, pixels: 'inside' | 'beside', has: Beyond): Lowered {
  const { spec, weights } = model;
  const [height, width, channels] = spec.input;
  const placed = placeLayers(spec, { height, width, channels, classes: Math.max(1, model.classes.length) });
  const last = placed.at(-1);
  if (!last) throw new Error(`${spec.name} has no layers.`);
  const byName = new Map(weights.map((each) => [each.name, each]));
  const weight = (name: string): Constant => {
    const found = byName.get(name);
    if (!found) throw new Error(`${spec.name} has no weights ${name}.`);
    return found;
  };
  const list = new OperationList();
  const input = { name: inputName, shape: [height, width, channels] };
  const values = new Map<string, Value>();
  list.enter('pixels');
  values.set(inputName, pixels === 'inside' ? treat(list, input, model.pixels) : input);
  const wanted = needed(placed, last.layer.name);
  for (const { layer, inputs, facts } of placed) {
    if (!wanted.has(layer.name)) continue;
    list.enter(layer.name);
    const taken = inputs.map((name) => {
      const value = values.get(name);
      if (!value) throw new Error(`${layer.name} takes ${name}, which is not there.`);
      return value;
    });
    const own = (name: string) => weight(`${layer.name}/${name}`);
    values.set(layer.name, lowerLayer(list, { layer, inputs: taken, shape: facts.outputShape, weight: own, has }));
  }
  const end = values.get(last.layer.name) ?? input;
  const ready = 'activation' in last.layer && last.layer.activation === 'softmax';
  list.enter('');
  const output = ready ? end : list.unary('softmax', end);
  const added = 'The network ends without a softmax; the file has one behind it and gives probabilities.';
  return { input, output, operations: list.operations, notes: ready ? [] : [added] };
}

/** Names of the layers on which the last depends. */
function needed(placed: readonly PlacedLayer[], last: string): ReadonlySet<string> {
  const wanted = new Set([last]);
  for (const { layer, inputs } of [...placed].reverse()) {
    if (wanted.has(layer.name)) for (const name of inputs) wanted.add(name);
  }
  return wanted;
}

/** As `prepare` of `pixels.ts`. */
function treat(list: OperationList, x: Value, pixels: PortableModel['pixels']): Value {
  const by = (scale: number | readonly number[], from: Value) => list.binary('multiply', from, scale);
  const plus = (offset: number | readonly number[], to: Value) => list.binary('add', to, offset);
  const standard = (mean: readonly number[], deviation: readonly number[]) =>
    by(
      deviation.map((each) => 1 / each),
      plus(
        mean.map((each) => -each),
        x,
      ),
    );
  switch (pixels.kind) {
    case 'none':
      return x;
    case 'divide-255':
      return by(1 / 255, x);
    case 'minus-one-to-one':
      return plus(-1, by(1 / 127.5, x));
    case 'caffe':
      return plus(
        caffeMeans.map((mean) => -mean),
        list.add('reverse', { op: 'reverse-channels' }, [x], x.shape),
      );
    case 'torch':
      return standard(
        torch.mean.map((each) => each * 255),
        torch.deviation.map((each) => each * 255),
      );
    case 'lite':
      return by(1 / 128, plus(-127, x));
    case 'standardize':
      return standard(
        pixels.mean,
        pixels.deviation.map((each) => each + epsilon),
      );
  }
}
