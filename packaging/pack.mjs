// What `npm run dist` does once packages of npm are there.
import { relative } from 'node:path';
import { isMain } from '../scripts/places.mjs';
import { say } from '../scripts/run.mjs';
import { archiveOf, buildTargets, buildUnpacked, sha256, unpacked, unpackedForTests, writeList } from './build.mjs';
import { root } from './places.mjs';
import { anotherMachine, architectures, chosen, systemName, targets } from './targets.mjs';

/**
 * Builds and prints a table of what was built and what was not, with the reason.
 * @param {string[]} names of targets; none = all of this system @param {{ light: boolean, again: boolean }} options
 * @returns {Promise<boolean>} whether something failed that should not have
 */
export async function packAll(names, options) {
  const wanted = chosen(names);
  const { electron, tensorflow, fuses, packages: before } = await buildUnpacked(options);
  const archive = await sha256(archiveOf(unpacked()));
  const same = archive === (await sha256(archiveOf(unpackedForTests())));
  const made = await buildTargets(wanted, electron);
  const shown = (file) => relative(root, file);
  writeList({
    electron,
    tensorflow,
    fuses,
    archive: { sha256: archive, same },
    release: shown(unpacked()),
    test: shown(unpackedForTests()),
    packages: [
      ...before.filter(({ target }) => !wanted.includes(target)),
      ...made.map((each) => ({ ...each, ...(each.file && { file: shown(each.file) }) })),
    ],
  });
  print(made, wanted, electron, fuses);
  return !same || made.some(({ file, why = '' }) => !file && why.startsWith('electron-builder'));
}

function print(made, wanted, electron, fuses) {
  const rows = [
    ['unpacked', '', relative(root, unpacked())],
    ['unpacked, for tests', '', relative(root, unpackedForTests())],
  ];
  for (const { target, file, bytes = 0, seconds = 0, from, why } of made) {
    const size = file ? `${(bytes / 1e6).toFixed(0)} MB` : '–';
    rows.push([target, size, file ? `${relative(root, file)}  (${from}, ${seconds.toFixed(0)} s)` : (why ?? '')]);
  }
  for (const { name } of targets.filter(({ system, name }) => system === process.platform && name !== 'dir')) {
    if (!wanted.includes(name)) rows.push([name, '–', 'was not asked for']);
  }
  for (const system of new Set(targets.map((target) => target.system))) {
    const names = targets.filter((target) => target.system === system && target.name !== 'dir').map(({ name }) => name);
    for (const architecture of architectures) {
      const why = anotherMachine(system, architecture);
      if (why) rows.push([`${systemName(system)} ${architecture}`, '–', `${names.join(', ')}: ${why}`]);
    }
  }
  const width = (column) => Math.max(...rows.map((row) => row[column].length));
  for (const [name, size, rest] of rows) console.log(`${name.padEnd(width(0))}  ${size.padStart(width(1))}  ${rest}`);
  if (fuses.lacking.length > 0) say(`Electron ${electron} has no fuse ${fuses.lacking.join(', ')}; the others are set`);
  if (Number(electron.split('.')[0]) < 40)
    say(`Electron ${electron} is what this machine could get: to try packages, not to pass them on`);
}

if (isMain(import.meta.url)) {
  const words = process.argv.slice(2);
  const names = words.filter((word) => !word.startsWith('--'));
  await packAll(names, { light: words.includes('--light'), again: words.includes('--again') }).then(
    (failed) => (process.exitCode = failed ? 1 : 0),
    (error) => {
      say(error.message);
      process.exitCode = 1;
    },
  );
}
