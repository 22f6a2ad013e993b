import { expect, test } from 'vitest';
import { imagenetClasses, imagenetTree } from '#engine/model/zoo/imagenet.ts';

test('there are a thousand classes in the usual order, no two of one name', () => {
  const classes = imagenetClasses();
  expect(classes).toHaveLength(1000);
  expect(classes[0]).toEqual({ id: 'n01440764', label: 'tench' });
  expect(classes[285]).toEqual({ id: 'n02124075', label: 'Egyptian cat' });
  expect(classes[999]).toEqual({ id: 'n15075141', label: 'toilet tissue' });
  expect(new Set(classes.map(({ label }) => label)).size).toBe(1000);
});

test('the tree has one root, every parent before its children, and each class once', () => {
  const tree = imagenetTree();
  const seen = new Set<string | null>([null]);
  for (const { id, parent } of tree) {
    expect(seen.has(parent), id).toBe(true);
    seen.add(id);
  }
  expect(tree.filter(({ parent }) => parent === null).map(({ name }) => name)).toEqual(['entity']);
  const places = tree.flatMap(({ index }) => (index === undefined ? [] : [index])).sort((a, b) => a - b);
  expect(places).toEqual(Array.from({ length: 1000 }, (_, place) => place));
});

test('a class has the id and name in the tree that it has in the list', () => {
  const classes = imagenetClasses();
  for (const { id, index, name } of imagenetTree()) {
    if (index !== undefined) expect({ id, label: name }).toEqual(classes[index]);
  }
});

test('a cat lies under the animals', () => {
  const byId = new Map(imagenetTree().map((node) => [node.id, node]));
  const path: string[] = [];
  for (let at = byId.get('n02124075'); at; at = at.parent === null ? undefined : byId.get(at.parent))
    path.push(at.name);
  expect(path[0]).toBe('Egyptian cat');
  expect(path).toContain('feline');
  expect(path).toContain('animal');
  expect(path.at(-1)).toBe('entity');
});
