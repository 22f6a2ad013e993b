import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

const made = new Set(['node_modules', 'out', 'dist', '.git', 'test-results', 'playwright-report', '__pycache__']);

/** All files of the repository, as paths from its root with `/`, without what git ignores. */
export function repositoryFiles(folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (made.has(entry.name)) return [];
    return entry.isDirectory() ? repositoryFiles(path) : [path];
  });
}
