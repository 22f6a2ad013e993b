// npm start [-- FILE … | --self-test[=FILE]]: everything that is needed, then the window. On a built tree the checks cost a few tens of milliseconds.
import { join } from 'node:path';
import { root } from './places.mjs';
import { requireNode } from './node-version.mjs';
import { build } from './build.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { provideElectron } from './electron.mjs';
import { provisionEngine } from './engine.mjs';
import { install } from './install.mjs';
import { run, runNode, say } from './run.mjs';

const asked = process.argv.slice(2);
const isSelfTest = (/** @type {string} */ word) => /^--self-test(=|$)/.test(word);
requireNode();
try {
  await install();
  await build();
  // The self-test shows no window, but Electron wants a display all the same.
  const display = !hasDisplay() && asked.some(isSelfTest) ? await startVirtualDisplay() : undefined;
  if (display) process.env.DISPLAY = display.display;
  const electron = hasDisplay() ? await provideElectron() : undefined;
  await provisionEngine();
  process.on('SIGINT', () => {}); // Ctrl-C reaches the window by itself; this program ends when the window has
  const { code } = electron ? await openWindow(electron) : await openBrowser();
  display?.stop();
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
