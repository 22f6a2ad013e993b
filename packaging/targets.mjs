/** Everything that electron-builder.yml can make. `dir` is the tree that all others of a system are packed from. */
export const targets = [
  { system: 'linux', name: 'dir' },
  { system: 'linux', name: 'tar.gz', ending: '.tar.gz' },
  { system: 'linux', name: 'deb', ending: '.deb' },
  { system: 'linux', name: 'rpm', ending: '.rpm' },
  { system: 'linux', name: 'AppImage', ending: '.AppImage' },
  { system: 'win32', name: 'dir' },
  { system: 'win32', name: 'nsis', ending: '.exe' },
  { system: 'win32', name: 'portable', ending: '.exe' },
  { system: 'win32', name: 'zip', ending: '.zip' },
  { system: 'darwin', name: 'dir' },
  { system: 'darwin', name: 'dmg', ending: '.dmg' },
  { system: 'darwin', name: 'zip', ending: '.zip' },
];

export const architectures = ['x64', 'arm64'];

const machines = { linux: 'a Linux', win32: 'a Windows', darwin: 'a Mac' };
const words = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };

/** electron-builder's flag for a system. */
export const flagOf = { linux: '--linux', win32: '--win', darwin: '--mac' };

export const systemName = (system) => words[system];

/** TensorFlow, sharp, ffmpeg and Node inside are those of the machine that packs. Why this machine cannot make a package, in words; undefined where it can, given the tools. */
export function anotherMachine(system, architecture, here = { system: process.platform, architecture: process.arch }) {
  if (system === here.system && architecture === here.architecture) return undefined;
  return `needs ${machines[system]} on ${architecture}`;
}

/**
 * What was asked for. Throws for a name that there is not.
 * @param {string[]} names of targets; none = all of this system
 */
export function chosen(names, system = process.platform) {
  const known = targets.filter((target) => target.system === system && target.name !== 'dir').map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name) && name !== 'dir');
  if (unknown.length > 0)
    throw new Error(`there is no target ${unknown.join(', ')}; there are dir, ${known.join(', ')}`);
  return names.length > 0 ? known.filter((name) => names.includes(name)) : known;
}
