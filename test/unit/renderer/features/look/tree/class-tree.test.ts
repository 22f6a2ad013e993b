import { expect, test } from 'vitest';
import { landmarks, pathTo, sumsOf, treeOf, withoutChain } from '#features/look/tree/class-tree.ts';
import { coarseLevels } from '#features/look/tree/coarse.ts';
import type { TreeNode } from '#contract/prediction.ts';

const node = (id: string, parent: string | null, index?: number): TreeNode => ({
  ...{ id, name: id, parent },
  ...(index === undefined ? {} : { index }),
});

/** entity ─ thing ─┬ animal ─┬ carnivore ─┬ cat ─┬ tabby, egyptian
 *                 │         └ hen        └ dog ─ pug
 *                 └ cup */
const nodes = [
  node('entity', null),
  node('thing', 'entity'),
  node('animal', 'thing'),
  node('carnivore', 'animal'),
  node('cat', 'carnivore'),
  node('tabby', 'cat', 0),
  node('egyptian', 'cat', 1),
  node('dog', 'carnivore'),
  node('pug', 'dog', 2),
  node('hen', 'animal', 3),
  node('cup', 'thing', 4),
];
const tree = treeOf(nodes)!;
const named = (id: string) => tree.all.find((branch) => branch.id === id)!;

test('classes are counted up the tree', () => {
  expect(Object.fromEntries(tree.all.map(({ id, classes }) => [id, classes]))).toMatchObject({
    ...{ entity: 5, thing: 5, animal: 4, carnivore: 3, cat: 2, dog: 1, tabby: 1 },
  });
});

test('probabilities are summed up the tree', () => {
  const sums = sumsOf(tree, [0.5, 0.25, 0.125, 0.0625, 0.0625]);
  const of = (id: string) => sums[named(id).place];
  expect([of('tabby'), of('cat'), of('carnivore'), of('animal'), of('entity')]).toEqual([0.5, 0.75, 0.875, 0.9375, 1]);
});

test('a path goes from the root to a class; its landmarks leave out what says nearly the same', () => {
  const path = pathTo(named('pug'));
  expect(path.map(({ id }) => id)).toEqual(['entity', 'thing', 'animal', 'carnivore', 'dog', 'pug']);
  expect(landmarks(path).map(({ id }) => id)).toEqual(['entity', 'animal', 'carnivore', 'pug']);
  expect(landmarks(path, named('dog')).map(({ id }) => id)).toContain('dog');
  expect(withoutChain(named('dog')).id).toBe('pug');
});

test('a node whose parent is not there is left out, and without a root there is no tree', () => {
  expect(treeOf([node('a', null), node('b', 'nowhere', 1)])?.all).toHaveLength(1);
  expect(treeOf([])).toBeUndefined();
});

test.each([
  { softmax: [0.5, 0.4, 0.05, 0.03, 0.02], likeliest: 0, want: ['cat 0.90', 'carnivore 0.95', 'thing 1.00'] },
  { softmax: [1, 0, 0, 0, 0], likeliest: 0, want: ['cat 1.00'] },
  { softmax: [0.3, 0.2, 0.1, 0.1, 0.3], likeliest: 0, want: ['cat 0.50', 'carnivore 0.60', 'thing 1.00'] },
])('$softmax is also $want', ({ softmax, likeliest, want }) => {
  const levels = coarseLevels(tree, sumsOf(tree, softmax), likeliest);
  expect(levels.map(({ branch, sum }) => `${branch.id} ${sum.toFixed(2)}`)).toEqual(want);
});
