import { expect, test } from 'vitest';
import { treeOf } from '#features/look/tree/class-tree.ts';
import { cellBeside, cellsAt, treemapCells } from '#features/look/tree/treemap-scene.ts';

const tree = treeOf([
  { id: 'root', name: 'entity', parent: null },
  { id: 'a', name: 'animal', parent: 'root' },
  { id: 'a1', name: 'cat', parent: 'a', index: 0 },
  { id: 'a2', name: 'dog', parent: 'a', index: 1 },
  { id: 'b', name: 'thing', parent: 'root' },
  { id: 'b1', name: 'cup', parent: 'b', index: 2 },
])!;
const box = { left: 0, top: 0, width: 300, height: 100 };
const cells = treemapCells(tree.root, ({ classes }) => classes, box);

test('parents come before children, chains are one cell', () => {
  expect(cells.map(({ branch, depth, headed }) => [branch.id, depth, headed])).toEqual([
    ['a', 0, true],
    ['a1', 1, false],
    ['a2', 1, false],
    ['b1', 0, false],
  ]);
});

test('children lie inside their parent, below its name', () => {
  const [parent, child] = cells;
  expect(child!.left).toBeGreaterThanOrEqual(parent!.left);
  expect(child!.top).toBeGreaterThanOrEqual(parent!.top + 18);
});

test('the cells at a place are found, the innermost last, and none outside', () => {
  const { left, top } = cells[1]!;
  expect(cellsAt(cells, left + 3, top + 3).map(({ branch }) => branch.id)).toEqual(['a', 'a1']);
  expect(cellsAt(cells, cells[0]!.left + 3, cells[0]!.top + 3)).toHaveLength(1);
  expect(cellsAt(cells, 500, 3)).toEqual([]);
});

test('arrows go to the cell beside, of the same depth, and stay where there is none', () => {
  const at = (id: string) => cells.find(({ branch }) => branch.id === id)!;
  expect(cellBeside(cells, at('a'), 'ArrowRight').branch.id).toBe('b1');
  expect(cellBeside(cells, at('b1'), 'ArrowLeft').branch.id).toBe('a');
  expect(cellBeside(cells, at('a'), 'ArrowUp').branch.id).toBe('a');
  expect(cellBeside(cells, at('a'), 'Enter').branch.id).toBe('a');
});

test('what has no weight has no cell', () => {
  const some = treemapCells(tree.root, ({ id }) => (id.startsWith('b') ? 1 : 0), box);
  expect(some.map(({ branch }) => branch.id)).toEqual(['b1']);
});

test('a branch that one child nearly fills gives its place to its children', () => {
  const weights: Record<string, number> = { a: 0.99, a1: 0.95, a2: 0.04, b: 0.01, b1: 0.01 };
  const flat = treemapCells(tree.root, ({ id }) => weights[id] ?? 1, box);
  expect(flat.map(({ branch, depth }) => [branch.id, depth])).toEqual([
    ['a1', 0],
    ['a2', 0],
    ['b1', 0],
  ]);
  const [first] = flat;
  expect(first!.width * first!.height).toBeGreaterThan(0.9 * 300 * 100);
});
