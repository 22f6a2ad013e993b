import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { kerasOrder } from '#engine/model/formats/keras/writing/keras-order.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import { placeLayers } from '#engine/model/placement.ts';
import { findDefinition, zoo } from '#engine/model/zoo/definitions.ts';
import { Inference } from '#engine/predict/inference.ts';
import { spread } from '#test/support/spread.ts';

/** What make-zoo.py writes. */
interface Case {
  readonly id: string;
  readonly parameters: number;
  readonly weights: number;
  /** Of names and shapes in Keras' order. */
  readonly sha256: string;
  readonly largest: number;
  readonly logits: readonly number[];
}

const fixture = path.join(import.meta.dirname, '../fixtures/parity/zoo.json');
const { keras, cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { keras: string; cases: readonly Case[] };
/** Weights of up to so many take seconds; the others have no layer that these lack. `HEATLENS_WHOLE_ZOO=1` takes them too. */
const quick = 30_000_000;
const whole = process.env['HEATLENS_WHOLE_ZOO'] === '1';

beforeAll(() => loadBackend('tensorflow'));

test.each(cases)(`$id has the weights of Keras ${keras}'s, by name, shape and order`, ({ id, parameters, ...said }) => {
  const { network, parameters: known } = findDefinition(id);
  const spec = network();
  const [height, width, channels] = spec.input;
  const placed = kerasOrder(placeLayers(spec, { height, width, channels, classes: 1000 }));
  const listed = placed.flatMap(({ layer, facts }) =>
    facts.weights.map(({ name, shape }) => ({ line: `${layer.name}/${name} ${shape.join('x')}`, shape })),
  );
  expect(listed.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0)).toBe(parameters);
  expect(known).toBe(parameters);
  expect(listed).toHaveLength(said.weights);
  const lines = listed.map(({ line }) => line).join('\n');
  expect(createHash('sha256').update(lines).digest('hex')).toBe(said.sha256);
});

test.each(cases.filter(({ parameters }) => whole || parameters < quick))(
  `$id prepares pixels and predicts as in Keras ${keras}`,
  { timeout: 300_000 },
  ({ id, logits, largest }) => {
    const before = tf.memory().numTensors;
    const spec = findDefinition(id).network();
    const [height, width, channels] = spec.input;
    const inference = new Inference(filled(networkOf(spec, { height, width, channels, classes: 1000 }, 1)));
    const pixels = spread(`picture of ${id}`, height * width * channels, (value) => Math.floor((value + 1) * 128));
    const received = inference.logits(Uint8Array.from(pixels), 1);
    expect(inference.mode.compiled).toBe(true);
    const off = logits.map((value, place) => Math.abs(value - received[25 * place]!));
    // Of the largest: sums of other order through up to 500 layers.
    expect(Math.max(...off) / largest, 'apart').toBeLessThan(2e-5);
    inference.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);

test('every network of keras.applications in the zoo is among the cases', () => {
  const fetched = zoo.filter(({ weights }) => weights).map(({ id }) => id);
  expect(cases.map(({ id }) => id).sort()).toEqual(fetched.sort());
});

/** As make-zoo.py fills a network. */
function filled(network: Network): Network {
  for (const { name, variable } of network.variables) {
    const { shape, size } = variable;
    const depthwise = shape.length === 4 && shape[3] === 1;
    const fanIn = shape.slice(0, depthwise ? 2 : -1).reduce((product, each) => product * each, 1);
    const scale = Math.sqrt(6 / fanIn);
    const values = spread(name, size, (value) => {
      if (/gamma$|moving_variance$/.test(name)) return 1 + value / 4;
      return shape.length === 1 ? value / 10 : value * scale;
    });
    tf.tidy(() => variable.assign(tf.tensor(values, shape)));
  }
  return network;
}
