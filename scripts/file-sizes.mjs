// Files stay small: one idea each. Lists the largest and fails past the limit.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, root } from './places.mjs';
import { repositoryFiles } from './sources.mjs';

const limit = 400;
const listed = 8;

/** @returns {{ ok: boolean, output: string, summary: string }} */
export function checkFileSizes() {
  const sizes = repositoryFiles()
    .filter((path) => /\.(ts|svelte|mjs|cjs|js|css|py|cc|h)$/.test(path) && !path.startsWith('test/fixtures/'))
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    .sort((a, b) => b.lines - a.lines);
  const median = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0;
  const tooLong = sizes.filter(({ lines }) => lines > limit);
  const rows = sizes
    .slice(0, Math.max(listed, tooLong.length))
    .map(({ path, lines }) => `${String(lines).padStart(5)}  ${path}`);
  const verdict = tooLong.length > 0 ? [`${tooLong.length} past the limit of ${limit} lines`] : [];
  return {
    ok: tooLong.length === 0,
    summary: `${sizes.length} files, median ${median} lines`,
    output: [...rows, ...verdict].join('\n'),
  };
}

if (isMain(import.meta.url)) {
  const { ok, output, summary } = checkFileSizes();
  console.log(`${summary}\n${output}`);
  process.exitCode = ok ? 0 : 1;
}
