// npm start: everything that is needed, then the window. On a built tree the checks cost a few tens of milliseconds.
import { join } from 'node:path';
import { root } from './places.mjs';
import { requireNode } from './node-version.mjs';
import { build } from './build.mjs';
import { hasDisplay } from './display.mjs';
import { provideElectron } from './electron.mjs';
import { provisionEngine } from './engine.mjs';
import { install } from './install.mjs';
import { run, runNode, say } from './run.mjs';

const asked = process.argv.slice(2);
requireNode();
try {
  await install();
  await build();
  const electron = hasDisplay() ? await provideElectron() : undefined;
  await provisionEngine();
  process.on('SIGINT', () => {}); // Ctrl-C reaches the window by itself; this program ends when the window has
  const { code } = electron ? await openWindow(electron) : await openBrowser();
  process.exitCode = code;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}

/** The shell runs its engine on this Node where Electron's own is older than 20. */
function openWindow({ program, flags }) {
  return run(program, [...flags, root, ...asked], {
    stdout: 'inherit',
    env: { HEATLENS_NODE: process.execPath, ELECTRON_RUN_AS_NODE: undefined },
  });
}

function openBrowser() {
  say(
    hasDisplay()
      ? 'opening Heatlens in a browser instead'
      : 'there is no display; serving Heatlens to a browser instead',
  );
  return runNode(join(root, 'out', 'main', 'cli.cjs'), ['serve', '--open', ...asked], { stdout: 'inherit' });
}
