import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { ExplainMethod, ExplainOptions } from '#contract/explain.ts';
import { networkSpec } from '#contract/network.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Explainer } from '#engine/explain/explainer.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import type { LayerSpec } from '#engine/model/spec.ts';
import { bytes, stream } from './keras-numbers.ts';

interface Case {
  readonly network: string;
  readonly method: ExplainMethod;
  readonly layer: string | null;
  readonly options: ExplainOptions;
  readonly class: number;
  readonly score: number;
  readonly maximum: number;
  readonly height: number;
  readonly width: number;
  readonly values: number[];
}

const fixtures = path.resolve(import.meta.dirname, '../fixtures');
export const { keras, seed, shape, classes, networks, cases } = JSON.parse(
  readFileSync(path.join(fixtures, 'parity/explain.json'), 'utf8'),
) as {
  keras: string;
  seed: number;
  shape: [number, number, number];
  classes: number;
  networks: Record<string, LayerSpec[]>;
  cases: Case[];
};
const [height, width, channels] = shape;
export const images = { height, width, channels, classes };
export const pixels = Uint8Array.from(bytes(seed, 400, height * width * channels));

export const specOf = (name: string) =>
  networkSpec.parse({
    ...{ id: name, name, input: shape, preprocessing: 'divide-255', source: 'a test', layers: networks[name] },
  });

/** With weights as make-explain-fixtures.py draws them. */
export function networkNamed(name: string): Network {
  const network = networkOf(specOf(name), images, 1);
  const sorted = [...network.variables].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [number, { name, variable }] of sorted.entries()) {
    const positive = /gamma$|moving_variance$/.test(name);
    const values = stream(seed, 100 + number, variable.size).map((x) => (positive ? x + 0.5 : (x - 0.45) * 0.6));
    tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(values), variable.shape)));
  }
  return network;
}

/** Within 1e-4 of its size, or of the map's largest value. */
function expectMap(received: Float32Array, expected: readonly number[], what: string): void {
  expect(received, what).toHaveLength(expected.length);
  const off = expected.flatMap((value, place) => {
    const difference = Math.abs((received[place] ?? Number.NaN) - value);
    return difference <= 1e-4 ? [] : [{ place, expected: value, received: received[place] }];
  });
  expect(off.slice(0, 5), what).toEqual([]);
}

/** Every case of this network, as make-explain-fixtures.py found it. Leaves nothing behind. */
export async function expectAsKeras(name: string): Promise<void> {
  const network = networkNamed(name);
  const explainer = new Explainer(network);
  for (const { method, layer, options, ...wanted } of cases.filter((each) => each.network === name)) {
    const question = { method, options, ...(layer !== null && { layer }) };
    const heat = await explainer.heat(pixels, wanted.class, question);
    const what = `${name}, ${method} at ${layer}, class ${wanted.class}`;
    expect(heat.layer?.name ?? null, what).toBe(layer);
    expect([heat.map.height, heat.map.width], what).toEqual([wanted.height, wanted.width]);
    expect(Math.abs(heat.score - wanted.score), what).toBeLessThan(1e-4 * Math.max(1, Math.abs(wanted.score)));
    expect(Math.abs(heat.maximum - wanted.maximum), what).toBeLessThanOrEqual(1e-4 * wanted.maximum);
    expectMap(heat.map.values, wanted.values, what);
  }
  explainer.dispose();
  network.dispose();
}
