// npm run check: what can be said about the sources without running them; no engine, no network, under a minute.
// `npm run check -- lint types` runs those whose names begin so.
import { join } from 'node:path';
import { checkFileSizes } from './file-sizes.mjs';
import { install } from './install.mjs';
import { isMain, root } from './places.mjs';
import { runNode } from './run.mjs';

const program = (path) => (args) => runNode(join(root, 'node_modules', path), args, { quiet: true });
const typescript = program('typescript/bin/tsc');
const cache = join(root, 'node_modules', '.cache', 'heatlens'); // remembers by content what was found right
const tsc = (project) => {
  const memory = join(cache, `${project.replaceAll('/', '-')}.tsbuildinfo`);
  return typescript(['-p', project, '--incremental', '--tsBuildInfoFile', memory]);
};
const svelteCheck = program('svelte-check/bin/svelte-check');
const eslint = program('eslint/bin/eslint.js');
const prettier = program('prettier/bin/prettier.cjs');
const cruiser = program('dependency-cruiser/bin/dependency-cruise.mjs');
const vitest = program('vitest/vitest.mjs');

const rooms = ['main', 'packaging', 'preload', 'renderer', 'scripts', 'test'];

/** The longest first, so that the last to end is a short one. */
const checks = [
  ['lint', () => eslint(['--max-warnings=0', '.'])],
  ['svelte', () => svelteCheck(['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'])],
  ['types of test', () => tsc('test')],
  ['types of main', () => tsc('main')],
  ['types of renderer', () => tsc('renderer')],
  [
    'format',
    () =>
      prettier([
        '--check',
        '--log-level=warn',
        '--cache',
        '--cache-strategy=content',
        `--cache-location=${cache}/prettier`,
        '.',
      ]),
  ],
  ['imports', () => cruiser(['--no-progress', '--output-type', 'err-long', ...rooms])],
  ['types of preload', () => tsc('preload')],
  ['types of contract', () => tsc('preload/contract')],
  ['architecture', () => vitest(['run', '--project', 'unit', 'test/unit/architecture.test.ts'])],
  ['file sizes', checkFileSizes],
];

/**
 * Runs the checks whose names begin with one of `asked` (none: all), two at a time, and prints a line for each; the whole
 * output only of those that fail.
 * @param {string[]} asked
 * @returns {Promise<{ passed: number, failed: number, names: string[] }>} names of those that failed
 */
export async function runChecks(asked = []) {
  const chosen = checks.filter(([name]) => asked.length === 0 || asked.some((start) => name.startsWith(start)));
  const waiting = [...chosen];
  const names = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, check] = next;
      const started = performance.now();
      const { ok, output, summary = '' } = await check();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(18)} ${seconds.padStart(5)} s  ${summary}`.trimEnd());
      if (!ok) {
        names.push(name);
        console.log(output.trimEnd().replace(/^/gm, '    '));
      } else if (summary) console.log(output.replace(/^/gm, '    '));
    }
  };
  await Promise.all([work(), work()]);
  return { passed: chosen.length - names.length, failed: names.length, names };
}

if (isMain(import.meta.url)) {
  await install();
  const started = performance.now();
  const { passed, failed } = await runChecks(process.argv.slice(2));
  console.log(`${passed} checks passed, ${failed} failed, in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  process.exitCode = failed > 0 ? 1 : 0;
}
