import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locked } from './lock.mjs';
import { root } from './places.mjs';
import { lastLines, runNode, say } from './run.mjs';

const packageFolder = join(root, 'node_modules', 'electron');

/** Electron's own download, with its own checksums and its own cache. Throws if its place does not answer within 8 s. */
export async function downloadElectron() {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  await reach(version);
  await locked(join(packageFolder, 'dist'), async () => {
    say(`fetching Electron ${version} (once)`);
    const { ok, output } = await runNode(join(packageFolder, 'install.js'), [], { quiet: true, seconds: 900 });
    if (!ok) throw new Error(`Electron's own download failed: ${lastLines(output, 3)}`);
  });
}

/** Asked first, because the download itself retries for minutes where there is no network. */
async function reach(version) {
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/';
  try {
    const answer = await fetch(`${mirror}v${version}/SHASUMS256.txt`, { signal: AbortSignal.timeout(8000) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    await answer.body?.cancel();
  } catch (error) {
    throw new Error(`Electron's own download is not reachable (${error.cause?.code ?? error.message})`, {
      cause: error,
    });
  }
}
