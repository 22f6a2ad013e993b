import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isMain } from './places.mjs';
import { lastLines, run, say } from './run.mjs';

// What the tests and the making of the engine need from the system. Where a release of Debian or Ubuntu renamed a
// package, the names are tried in order.
const needs = [
  { programs: ['Xvfb'], packages: ['xvfb'] },
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], packages: ['chromium'] },
  { programs: ['ffmpeg'], packages: ['ffmpeg'] },
  { programs: ['g++'], packages: ['g++'] },
  { programs: ['make'], packages: ['make'] },
  { programs: ['python3'], packages: ['python3'] },
  { python: 'pip', packages: ['python3-pip'] },
  { library: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { library: 'libnss3.so', packages: ['libnss3'] },
  { library: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { library: 'libgbm.so.1', packages: ['libgbm1'] },
];

/** Installs what is missing where that can be done, else says the command. Never throws: the tests tell what fails. */
export async function installSystemPackages() {
  if (process.platform !== 'linux') return;
  const missing = await missingNeeds();
  if (missing.length === 0) return;
  const firstNames = missing.map(({ packages }) => packages.at(-1)).join(' ');
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    say(`some tests need system packages that are missing: ${firstNames}`);
    if (onPath('apt-get')) say(`install them with: sudo apt-get install -y ${firstNames}`);
    return;
  }
  say(`installing system packages (once): ${firstNames}`);
  const apt = (...args) =>
    run('apt-get', ['-q', ...args], { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' }, seconds: 900 });
  await apt('update');
  const chosen = await Promise.all(missing.map(firstKnown));
  const { ok, output, seconds } = await apt('install', '-y', '--no-install-recommends', ...chosen);
  say(ok ? `system packages installed in ${seconds.toFixed(0)} s` : `apt-get failed:\n${lastLines(output, 8)}`);
}

async function missingNeeds() {
  const libraries = (await run(existsSync('/sbin/ldconfig') ? '/sbin/ldconfig' : 'ldconfig', ['-p'], { quiet: true }))
    .output;
  const there = await Promise.all(
    needs.map(async ({ programs, library, python }) => {
      if (programs) return programs.some(onPath);
      if (library) return libraries.includes(`\t${library} `);
      return (await run('python3', ['-m', python, '--version'], { quiet: true })).ok;
    }),
  );
  return needs.filter((_, index) => !there[index]);
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

async function firstKnown({ packages }) {
  for (const name of packages) {
    const { ok, output } = await run('apt-cache', ['show', '--no-all-versions', name], { quiet: true });
    if (ok && output.includes(`Package: ${name}\n`)) return name;
  }
  return packages.at(-1);
}

if (isMain(import.meta.url)) await installSystemPackages();
