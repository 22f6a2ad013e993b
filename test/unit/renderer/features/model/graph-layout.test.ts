import { expect, test } from 'vitest';
import { layersOf } from '#engine/model/spec.ts';
import { presets } from '#engine/model/presets.ts';
import { inputsOf } from '#state/network-edits.ts';
import { layoutNetwork, nodeSize } from '../../../../../renderer/features/model/graph-layout.ts';

test('branches lie beside each other, what comes later lies lower', () => {
  const { nodes, edges } = layoutNetwork([
    { name: 'a', inputs: ['input'] },
    { name: 'left', inputs: ['a'] },
    { name: 'right', inputs: ['a'] },
    { name: 'add', inputs: ['left', 'right'] },
  ]);
  const at = Object.fromEntries(nodes.map((node) => [node.name, node]));
  expect(at['left']!.y).toBe(at['right']!.y);
  expect(Math.abs(at['left']!.x - at['right']!.x)).toBeGreaterThanOrEqual(nodeSize.width);
  expect([at['input']!.y, at['a']!.y, at['left']!.y, at['add']!.y]).toEqual(
    [at['input']!.y, at['a']!.y, at['left']!.y, at['add']!.y].toSorted((a, b) => a - b),
  );
  expect(edges).toHaveLength(5);
  for (const { path } of edges) expect(path).toMatch(/^M[\d.]+ [\d.]+.*L[\d.]+ [\d.]+$/);
});

test('what is wrong is drawn, too: inputs that are not there, a layer that takes itself, a circle', () => {
  const { nodes, edges } = layoutNetwork([
    { name: 'a', inputs: ['gone'] },
    { name: 'b', inputs: ['b', 'c'] },
    { name: 'c', inputs: ['b'] },
  ]);
  expect(nodes.map(({ name }) => name)).toEqual(['input', 'a', 'b', 'c']);
  expect(edges.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(['b c', 'c b']);
});

test.each(['googlenet', 'resnet-18'])('nodes of %s do not cover each other', (id) => {
  const preset = presets.find((each) => each.id === id)!;
  const layers = layersOf(preset, { height: 224, width: 224 });
  const { nodes } = layoutNetwork(layers.map(({ name }, place) => ({ name, inputs: inputsOf(layers, place) })));
  expect(nodes).toHaveLength(layers.length + 1);
  const covering = nodes.flatMap((one, place) =>
    nodes
      .slice(place + 1)
      .filter(({ x, y }) => Math.abs(one.x - x) < nodeSize.width && Math.abs(one.y - y) < nodeSize.height)
      .map((other) => [one.name, other.name]),
  );
  expect(covering).toEqual([]);
});
