// Electron's fuses: switches inside its program that nobody can turn without changing the program.
const { readFileSync } = require('node:fs');

/** Each with the Electron that it came with; one that is older has no such switch. */
const fuses = [
  { name: 'runAsNode', since: 12, on: false }, // ELECTRON_RUN_AS_NODE would make of us a Node for anybody; we carry a Node
  { name: 'enableCookieEncryption', since: 12, on: true },
  { name: 'enableNodeOptionsEnvironmentVariable', since: 12, on: false },
  { name: 'enableNodeCliInspectArguments', since: 12, on: false, onInTests: true }, // Playwright comes in through --inspect
  { name: 'enableEmbeddedAsarIntegrityValidation', since: 16, on: true }, // heard on macOS and Windows; Linux has no such check
  { name: 'onlyLoadAppFromAsar', since: 16, on: true },
  { name: 'loadBrowserProcessSpecificV8Snapshot', since: 20, on: false }, // there is one snapshot, for all processes
  { name: 'grantFileProtocolExtraPrivileges', since: 29, on: false }, // the page has a scheme of its own
];

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** How many switches this program has: behind the sentinel are a version, their number, then one byte for each. */
function wireLength(program) {
  const bytes = typeof program === 'string' ? readFileSync(program) : program;
  const at = bytes.indexOf(sentinel, 0, 'latin1');
  if (at < 0) throw new Error('there are no fuses in this program: is it Electron?');
  return bytes[at + sentinel.length + 1];
}

/**
 * What electron-builder is to set, for a program with so many switches.
 * @param {'release' | 'test'} build the test build can be inspected, else it is the same
 */
function fuseSettings(length, build = 'release') {
  const known = fuses.slice(0, length);
  return Object.fromEntries(known.map(({ name, on, onInTests }) => [name, build === 'test' && onInTests ? true : on]));
}

/** Names of the switches that this program lacks. */
const lacking = (length) => fuses.slice(length).map(({ name }) => name);

module.exports = { fuses, fuseSettings, lacking, sentinel, wireLength };
