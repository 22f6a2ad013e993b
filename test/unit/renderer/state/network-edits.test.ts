import { expect, test } from 'vitest';
import { newLayer } from '#contract/layer-fields.ts';
import type { LayerSpec, NetworkSpec } from '#contract/network.ts';
import { added, changed, doubled, emptyNetwork, freeName, inputsOf, moved, removed } from '#state/network-edits.ts';

const conv = (name: string, ...inputs: string[]): LayerSpec => ({
  ...newLayer('Conv2D', name),
  ...(inputs.length > 0 ? { inputs } : {}),
});
const add = (...inputs: string[]): LayerSpec => ({ ...newLayer('Add', 'add'), inputs });
const network = (...layers: LayerSpec[]): NetworkSpec => ({
  ...{ id: 'own-one', name: 'One', input: [8, 8, 3], preprocessing: 'none', source: '', layers },
});
/** Names, each with what it takes where it says so. */
const wiring = ({ layers }: NetworkSpec) =>
  layers.map(({ name, inputs }) => (inputs ? `${name} ← ${inputs.join(' ')}` : name));

test.each([
  ['behind a layer', network(conv('a'), conv('b')), 'a', ['a', 'dense', 'b']],
  ['at the beginning', network(conv('a')), null, ['dense', 'a']],
  ['into an empty network', network(), null, ['dense']],
  [
    'where branches begin: they take the new layer',
    network(conv('a'), conv('b', 'a'), conv('c', 'a'), add('b', 'c')),
    'a',
    ['a', 'dense', 'b ← dense', 'c ← dense', 'add ← b c'],
  ],
])('a layer is added %s', (_, spec, after, layers) => {
  const { spec: next, name } = added(spec, 'Dense', after);
  expect(name).toBe('dense');
  expect(wiring(next)).toEqual(layers);
});

test('a layer that joins takes the one before it and one that fits', () => {
  expect(wiring(added(network(conv('a'), conv('b')), 'Add', 'b', 'a').spec)).toEqual(['a', 'b', 'add ← b a']);
});

test.each([
  ['of a chain', network(conv('a'), conv('b'), conv('c')), 'b', ['a', 'c']],
  [
    'whose output others name',
    network(conv('a'), conv('b'), conv('c', 'b'), add('b', 'c')),
    'b',
    ['a', 'c ← a', 'add ← a c'],
  ],
  ['that is the first', network(conv('a'), conv('b', 'a')), 'a', ['b ← input']],
  ['with an input of its own', network(conv('a'), conv('b'), conv('c', 'a'), conv('d')), 'c', ['a', 'b', 'd ← a']],
  ['that joins', network(conv('a'), conv('b'), add('a', 'b'), conv('d', 'add')), 'add', ['a', 'b', 'd ← a b']],
])('a layer %s is removed, and what took it takes its input', (_, spec, name, layers) => {
  expect(wiring(removed(spec, name))).toEqual(layers);
});

test('a layer that is removed is no auxiliary output any more', () => {
  const spec = { ...network(conv('a'), conv('b', 'a'), conv('c')), auxiliary: [{ layer: 'b', lossWeight: 0.3 }] };
  expect(removed(spec, 'b').auxiliary).toEqual([]);
  expect(removed(spec, 'c').auxiliary).toEqual(spec.auxiliary);
});

test('a layer is moved within the list, and no further', () => {
  const spec = network(conv('a'), conv('b'), conv('c'));
  expect(wiring(moved(spec, 'a', 1))).toEqual(['b', 'a', 'c']);
  expect(wiring(moved(spec, 'c', -2))).toEqual(['c', 'a', 'b']);
  expect(moved(spec, 'c', 1)).toBe(spec);
  expect(moved(spec, 'gone', 1)).toBe(spec);
});

test('a layer is doubled behind itself, in the same place of the graph', () => {
  const { spec, name } = doubled(network(conv('conv2d'), conv('b', 'conv2d')), 'conv2d');
  expect(name).toBe('conv2d_1');
  expect(wiring(spec)).toEqual(['conv2d', 'conv2d_1', 'b ← conv2d_1']);
});

test('arguments change, and values that Keras does not take are refused', () => {
  const spec = network(conv('a'));
  expect(changed(spec, 'a', 'filters', 7)?.layers[0]).toMatchObject({ filters: 7 });
  for (const [field, value] of [
    ['filters', 0],
    ['filters', 1.5],
    ['kernelSize', [3]],
    ['padding', 'full'],
    ['name', 'input'],
    ['name', 'a b'],
  ] as const) {
    expect(changed(spec, 'a', field, value), `${field} ${String(value)}`).toBeNull();
  }
  expect(changed(spec, 'a', 'dilationRate', undefined)?.layers[0]).not.toHaveProperty('dilationRate');
});

test('a new name goes wherever the old one stood; one that is taken is refused', () => {
  const spec = { ...network(conv('a'), conv('b', 'a'), add('a', 'b')), auxiliary: [{ layer: 'a', lossWeight: 0.3 }] };
  const renamed = changed(spec, 'a', 'name', 'first');
  expect(renamed && wiring(renamed)).toEqual(['first', 'b ← first', 'add ← first b']);
  expect(renamed?.auxiliary).toEqual([{ layer: 'first', lossWeight: 0.3 }]);
  expect(changed(spec, 'a', 'name', 'b')).toBeNull();
});

test('names are those of Keras with the first free number', () => {
  expect(freeName([], 'MaxPooling2D')).toBe('max_pooling2d');
  expect(freeName([conv('conv2d'), conv('conv2d_1')], 'Conv2D')).toBe('conv2d_2');
});

test('an empty network has what a classifier needs', () => {
  const { layers } = emptyNetwork([28, 28, 1], 'New');
  expect(layers.map(({ kind }) => kind)).toEqual(['Flatten', 'Dense']);
  expect(inputsOf(layers, 0)).toEqual(['input']);
  expect(inputsOf(layers, 1)).toEqual(['flatten']);
});
