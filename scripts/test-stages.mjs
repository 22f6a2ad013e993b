import { join } from 'node:path';
import { runChecks } from './check.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { provideElectron } from './electron.mjs';
import { provideNode24 } from './node-24.mjs';
import { root } from './places.mjs';
import { run, runNode, say } from './run.mjs';
import { countsOf, playwrightCounts, vitestCounts } from './test-counts.mjs';

const vitestProgram = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const playwrightProgram = join(root, 'node_modules', '@playwright', 'test', 'cli.js');

/**
 * Stages in order; `engine` and `window` say what must be prepared. Each gives counts and never throws for a failed test.
 * `reports` is a folder for the reports of this run.
 */
export const stages = {
  check: { run: async () => ({ ...(await runChecks()), skipped: 0 }) },
  unit: { run: (reports) => vitest(reports, 'unit', process.execPath, ['--project', 'unit', '--project', 'page']) },
  parity: { engine: true, run: (reports) => vitest(reports, 'parity', process.execPath, ['--project', 'parity']) },
  faults: { engine: true, run: (reports) => vitest(reports, 'faults', process.execPath, ['--project', 'faults']) },
  node24: {
    run: async (reports) => {
      const engineTests = ['--project', 'unit', 'test/unit/main/engine'];
      return vitest(reports, 'node24', await provideNode24(), engineTests);
    },
  },
  e2e: { engine: true, window: true, run: endToEnd },
  packaged: { engine: true, window: true, run: packaged },
};

async function vitest(reports, name, node, args) {
  const file = join(reports, `${name}.json`);
  const shown = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const result = await run(node, [vitestProgram, 'run', ...args, ...shown], { stdout: 'inherit' });
  return countsOf(result, vitestCounts(file));
}

async function endToEnd(reports) {
  const file = join(reports, 'e2e.json');
  const display = hasDisplay() ? undefined : await startVirtualDisplay();
  const electron = await provideElectron();
  if (!electron) say('the journeys in Electron cannot run; those in a browser do');
  const projects = electron ? ['--project=electron', '--project=browser'] : ['--project=browser'];
  const env = {
    HEATLENS_E2E_REPORT: file,
    HEATLENS_NODE: process.execPath,
    HEATLENS_ELECTRON: electron?.program,
    HEATLENS_ELECTRON_FLAGS: electron?.flags.join(' '),
    ELECTRON_RUN_AS_NODE: undefined,
    ...(display ? { DISPLAY: display.display } : {}),
  };
  const result = await run(process.execPath, [playwrightProgram, 'test', ...projects], { stdout: 'inherit', env });
  display?.stop();
  const counts = countsOf(result, playwrightCounts(file));
  return electron ? counts : { ...counts, failed: counts.failed + 1 };
}

/** The app packed but for its wrapping: started, and driven. `npm run dist -- --check` does the same with every package. */
async function packaged(reports) {
  const { ok } = await runNode(join(root, 'packaging', 'pack.mjs'), ['dir']);
  if (!ok) return { passed: 0, failed: 1, skipped: 0 };
  const file = join(reports, 'packaged.json');
  const display = hasDisplay() ? undefined : await startVirtualDisplay();
  const env = {
    HEATLENS_E2E_REPORT: file,
    ELECTRON_RUN_AS_NODE: undefined,
    ...(display && { DISPLAY: display.display }),
  };
  const words = ['test', '--config', 'playwright.packaged.config.ts'];
  const result = await run(process.execPath, [playwrightProgram, ...words], { stdout: 'inherit', env });
  display?.stop();
  return countsOf(result, playwrightCounts(file));
}
