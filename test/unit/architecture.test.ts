import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const made = new Set(['node_modules', 'out', 'dist', '.git', 'test-results', 'playwright-report', '__pycache__']);

/** The first column of the page's table of rooms: `main/engine/data/`. */
const named = [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([^`]+)\/` +\|/gm)].map(
  ([, path]) => path!,
);

/** A folder that was made but holds no file is not in git, so it is not there. */
function holdsFile(path: string): boolean {
  return readdirSync(path, { withFileTypes: true }).some((entry) =>
    entry.isDirectory() ? !made.has(entry.name) && holdsFile(join(path, entry.name)) : true,
  );
}

function foldersIn(parent: string): string[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !made.has(entry.name) && holdsFile(join(root, parent, entry.name)))
    .map((entry) => (parent === '.' ? entry.name : `${parent}/${entry.name}`));
}

test('the page names rooms', () => expect(named.length).toBeGreaterThan(20));

test('every folder that ARCHITECTURE.md names exists and holds a file', () => {
  expect(named.filter((path) => !existsSync(join(root, path)) || !holdsFile(join(root, path)))).toEqual([]);
});

test('beside a named folder, every folder is named', () => {
  const parents = [...new Set(named.map((path) => dirname(path)))];
  expect(parents.flatMap(foldersIn).filter((path) => !named.includes(path))).toEqual([]);
});

test('no folder is named twice', () => expect(named).toEqual([...new Set(named)]));
