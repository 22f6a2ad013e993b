import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './places.mjs';

/**
 * @typedef {{ name: string, version: string, folder: string, path: string, manifest: Record<string, any> }} NodePackage
 *   `folder`: absolute; `path`: from the root of the repository, `node_modules/a/node_modules/b`
 */

/**
 * Packages and all that they depend on, as they are installed; what is optional and not installed is left out.
 * Throws where a package that is needed is not there.
 * @param {string[]} names @returns {NodePackage[]} by path
 */
export function packagesWith(names, from = root) {
  /** @type {Map<string, NodePackage>} */
  const found = new Map();
  const add = (name, importer, needed) => {
    const folder = folderOf(name, importer, from);
    if (!folder && needed) throw new Error(`the package ${name} is not installed: npm ci`);
    if (!folder || found.has(folder)) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    found.set(folder, { name, version: manifest.version, folder, path: folder.slice(from.length + 1), manifest });
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
    for (const each of Object.keys(dependencies)) add(each, folder, !(each in optionalDependencies));
    for (const each of Object.keys({ ...optionalDependencies, ...peerDependencies })) add(each, folder, false);
  };
  for (const name of names) add(name, from, true);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where Node would find it: beside the importer, then in each folder above. */
function folderOf(name, importer, top) {
  for (let folder = importer; folder.length >= top.length; folder = dirname(folder)) {
    const there = join(folder, 'node_modules', name);
    if (existsSync(join(there, 'package.json'))) return there;
  }
  return undefined;
}

/** Names in `dependencies` of package.json that the engine's and the command line's programs name. */
export function namedInPrograms(programs = join(root, 'out', 'main')) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const texts = readdirSync(programs, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => readFileSync(join(programs, name), 'utf8'));
  return Object.keys(dependencies).filter((name) => {
    const quoted = new RegExp(`["'\`]${name.replaceAll('.', '\\.')}(/[^"'\`\\n]*)?["'\`]`);
    return texts.some((text) => quoted.test(text));
  });
}
