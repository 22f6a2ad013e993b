import envPaths from 'env-paths';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** What may be shared by every project of this user and fetched again at will. `HEATLENS_CACHE` moves it. */
export function cacheFolder(): string {
  const chosen = process.env['HEATLENS_CACHE'];
  return chosen ? path.resolve(chosen) : envPaths('heatlens', { suffix: '' }).cache;
}

/** Where whole engines lie, one folder each, and beside them downloads under way and the lock. */
export function engineFolder(cache = cacheFolder()): string {
  return path.join(cache, 'engine');
}

/**
 * The engines of `npm run dist`: a package carries one ready beside `assets/`. In a checkout there is no such folder; null
 * for a program that lies alone.
 */
export function carriedEngineFolder(): string | null {
  const above = folderAboveAssets();
  return above === null ? null : path.join(above, 'engines');
}

/** The npm package whose kernels, C++ source and download addresses we use; its own loader is not ours. */
export function addonPackageFolder(): string {
  return path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
}

export function nodeHeadersFolder(): string {
  return path.join(path.dirname(require.resolve('node-api-headers/package.json')), 'include');
}

export function wasmFolder(): string {
  return path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
}

/**
 * `assets/` of the repository or of the installed app: what is too large for a program's text is read from there. It lies
 * above the sources as above what is built from them.
 */
export function assetsFolder(): string {
  const above = folderAboveAssets();
  if (above === null) throw new Error(`There is no folder assets/models above ${import.meta.url}.`);
  return path.join(above, 'assets');
}

function folderAboveAssets(): string | null {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'assets', 'models'))) {
    const above = path.dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return folder;
}
