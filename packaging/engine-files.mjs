import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { namedInPrograms, packagesWith } from './node-packages.mjs';
import { root, stagedResources } from './places.mjs';

/** Programs of the engine and of the command line; the shell and the page are in the archive. */
const notTheShell = /(^|[\\/])(shell\.cjs|app-[\w-]+\.cjs)$|\.map$/;

/** Of Node packages: what nothing at run time reads. Licences are kept, whatever they are called. */
const idle =
  /(\.(map|d\.[cm]?ts|tsbuildinfo|flow|coffee|bat|sh)|\.[cm]?tsx?|~)$|(^|[\\/])(\.github|\.nyc_output|docs?|examples?|benchmarks?|coverage|tests?|__tests__|spec|demo)[\\/]/i;
const licence = /licen[cs]e|copying|notice/i;

/** TensorFlow.js' packages carry each module five times over; Node loads one file of each, named `*.node.js`. */
const library = /^@tensorflow\/tfjs(-(core|layers|converter|data|backend-cpu|backend-webgl|backend-wasm))?$/;
const ofLibrary = /(^|[\\/])package\.json$|\.node\.js$|dist[\\/][^\\/]*\.wasm$/;

/** The binding's install script's own needs; Heatlens' provisioning does without it. */
const ofInstallers = new Set(['@mapbox/node-pre-gyp', 'adm-zip', 'https-proxy-agent', 'progress', 'rimraf']);

/** Packages that the engine loads, with what they depend on. */
export function enginePackages() {
  const all = packagesWith(namedInPrograms());
  const tfjs = all.find(({ name }) => name === '@tensorflow/tfjs-node-gpu');
  if (!tfjs) return all;
  // What hangs on the installer alone goes with it.
  const { dependencies } = tfjs.manifest;
  const others = namedInPrograms().filter((name) => name !== tfjs.name);
  const needed = Object.keys(dependencies).filter((name) => !ofInstallers.has(name) && name !== 'tar');
  const kept = new Set(packagesWith([...others, ...needed]).map(({ folder }) => folder));
  return all.filter(({ folder }) => kept.has(folder) || folder === tfjs.folder);
}

/** What of a package is taken along. @param {string} file relative to the package */
export function isUsed(name, file) {
  if (licence.test(basename(file))) return true;
  if (idle.test(file) && !/binding[\\/]/.test(file)) return false;
  if (library.test(name)) return ofLibrary.test(file);
  if (name === 'h5wasm') return !/dist[\\/]iife[\\/]/.test(file);
  return true;
}

/**
 * Lays out `resources/engine`: programs, Node packages, data to try, and TensorFlow where one is given.
 * @param {{ tensorflow?: string, folder?: string }} options tensorflow: the folder of a whole engine in the per-user cache
 */
export function stageEngine({ tensorflow, folder = join(stagedResources, 'engine') } = {}) {
  copy(join(root, 'out', 'main'), join(folder, 'out', 'main'), (file) => !notTheShell.test(file));
  copy(join(root, 'out', 'renderer'), join(folder, 'out', 'renderer')); // `heatlens serve`
  const builtIn = new Set(['icons', 'strings']); // into the programs, or into the package itself
  for (const name of readdirSync(join(root, 'assets')).filter((each) => !builtIn.has(each))) {
    copy(join(root, 'assets', name), join(folder, 'assets', name));
  }
  const packages = enginePackages();
  for (const { name, folder: from, path } of packages) {
    copy(from, join(folder, path), (file) => !file.startsWith('node_modules') && isUsed(name, file));
  }
  for (const program of programsIn(folder)) chmodSync(program, 0o755); // npm's install scripts, which are not run, would
  // Its links have the names that the linker wanted; nothing at run time does.
  if (tensorflow)
    copy(
      tensorflow,
      join(folder, 'engines', basename(tensorflow)),
      (file) => !/libtensorflow(_framework)?\.(so|dylib)$/.test(file),
    );
  return { folder, packages };
}

/** ffmpeg and ffprobe of the npm packages. */
function programsIn(folder) {
  const modules = join(folder, 'node_modules');
  return ['@ffmpeg-installer', '@ffprobe-installer'].flatMap((scope) => {
    const there = join(modules, scope);
    if (!existsSync(there)) return [];
    return readdirSync(there)
      .flatMap((name) => ['ffmpeg', 'ffprobe'].map((program) => join(there, name, program)))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  });
}

/** Files are linked where the disk can, so that 800 MB of TensorFlow cost nothing. */
export function copy(from, to, wanted = () => true) {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const name = file.slice(from.length + 1);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile() || !wanted(name)) continue;
    copyFile(file, join(to, name), entry.isSymbolicLink());
  }
}

/** A link into the source would share its mode too: what is changed afterwards is copied. */
export function copyFile(from, to, follow = false) {
  mkdirSync(dirname(to), { recursive: true });
  const large = statSync(from).size > 1 << 24;
  if (large && !follow && !/ff(mpeg|probe)/.test(basename(from))) {
    try {
      return linkSync(from, to);
    } catch {
      // Another disk.
    }
  }
  copyFileSync(from, to);
}
