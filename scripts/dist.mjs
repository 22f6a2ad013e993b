// npm run dist [-- dir|tar.gz|deb|rpm|AppImage|nsis|portable|zip|dmg …] [--light] [--again] [--check]
// Builds the packages that this machine can, into dist/, and says which need another. --light leaves TensorFlow out, which
// the app then fetches; --again packs the unpacked app of last time; --check tries what was built: packages are started, and one is driven.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { install } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { root } from './places.mjs';
import { runNode, say } from './run.mjs';

const given = process.argv.slice(2);
const flags = given.filter((word) => word.startsWith('--'));
const names = given.filter((word) => !word.startsWith('--'));
requireNode();
try {
  const unknown = flags.filter((flag) => !['--light', '--again', '--check'].includes(flag));
  if (unknown.length > 0)
    throw new Error(`there is no option ${unknown.join(' ')}; there are --light, --again and --check`);
  await install();
  const words = [...names, ...flags.filter((flag) => flag !== '--check')];
  const { ok } = await runNode(join(root, 'packaging', 'pack.mjs'), words, { stdout: 'inherit' });
  process.exitCode = ok && (!flags.includes('--check') || (await check())) ? 0 : 1;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}

/** Starts what was built, in Playwright's care. */
async function check() {
  const display = hasDisplay() ? undefined : await startVirtualDisplay();
  const env = {
    ...(display ? { DISPLAY: display.display } : {}),
    ELECTRON_RUN_AS_NODE: undefined,
    HEATLENS_NODE: undefined,
  };
  const program = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  if (!existsSync(program)) throw new Error('Playwright is not installed: npm ci');
  const { ok } = await runNode(program, ['test', '--config', 'playwright.packaged.config.ts'], { env });
  display?.stop();
  if (ok) say('tried: each package was unpacked, tested itself, and was driven through the first journey');
  return ok;
}
