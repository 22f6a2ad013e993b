#!/usr/bin/env node
// Answers fpm's options as electron-builder 26 gives them, with dpkg-deb and rpmbuild, for machines that cannot fetch fpm.
// `CUSTOM_FPM_PATH` names this file.
const { execFileSync } = require('node:child_process');
const {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');

/** Options that may come several times, and those without a value. */
const lists = { '-d': 'depends', '--deb-recommends': 'recommends' };
const switches = new Set(['--force', '--debug']);

/** @param {string[]} given @returns {{ depends: string[], recommends: string[], maps: [string, string][], [option: string]: any }} */
function parse(given) {
  const options = { depends: [], recommends: [], maps: [] };
  const rest = [...given];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name, value] = /^--?([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (switches.has(word)) continue;
    if (word in lists) options[lists[word]].push(rest.shift());
    else if (name !== undefined) options[name] = value ?? rest.shift();
    else options.maps.push([word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  }
  return options;
}

/** The tree as it will lie on the machine. Large files are linked, not copied. */
function layOut(maps, root) {
  for (const [from, to] of maps) {
    const target = join(root, to);
    mkdirSync(from.endsWith('/') ? target : dirname(target), { recursive: true, mode: 0o755 });
    if (from.endsWith('/')) {
      copyTree(`${from}.`, target);
      continue;
    }
    copyFileSync(from, target);
    chmodSync(target, 0o644);
  }
}

/** Links cost nothing; another disk takes copies. */
function copyTree(from, to) {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', from, to]);
  }
}

const lines = (text = '') =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());

function deb(options, root) {
  const folder = join(root, 'DEBIAN');
  const kilobytes = Number(execFileSync('du', ['-sk', '--apparent-size', root]).toString().split('\t')[0]);
  mkdirSync(folder, { mode: 0o755 });
  const control = [
    `Package: ${options.name}`,
    `Version: ${options.version}`,
    `Architecture: ${options.architecture}`,
    `Maintainer: ${options.maintainer}`,
    `Installed-Size: ${kilobytes}`,
    options.depends.length > 0 && `Depends: ${options.depends.join(', ')}`,
    options.recommends.length > 0 && `Recommends: ${options.recommends.join(', ')}`,
    `Section: ${options.category ?? 'default'}`,
    `Priority: ${options['deb-priority'] ?? 'optional'}`,
    `Homepage: ${options.url}`,
    `Description: ${lines(options.description)[0]}`,
    ...lines(options.description)
      .slice(1)
      .map((line) => ` ${line || '.'}`),
  ];
  writeFileSync(join(folder, 'control'), `${control.filter(Boolean).join('\n')}\n`);
  const scripts = {
    'before-install': 'preinst',
    'after-install': 'postinst',
    'before-remove': 'prerm',
    'after-remove': 'postrm',
  };
  for (const [option, name] of Object.entries(scripts)) {
    if (!options[option]) continue;
    copyFileSync(options[option], join(folder, name));
    chmodSync(join(folder, name), 0o755);
  }
  // electron-builder asks for xz, which takes ten minutes for 850 MB. zstd: Debian 12, Ubuntu 18.04 and newer.
  const how = ['-Zzstd', '-z6', '--threads-max=4'];
  execFileSync('dpkg-deb', ['--root-owner-group', ...how, '-b', root, options.package], { stdio: 'inherit' });
}

function rpm(options, root, work) {
  const script = (name) =>
    options[name]
      ? readFileSync(options[name], 'utf8')
          .replace(/^#!.*\n/, '')
          .replaceAll('%', '%%')
      : '';
  const owned = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `"${join(entry.parentPath, entry.name).slice(root.length).replaceAll('%', '%%')}"`);
  const spec = [
    `Name: ${options.name}`,
    `Version: ${options.version.replaceAll('-', '_')}`,
    `Release: ${options.iteration ?? 1}`,
    `Summary: ${options['rpm-summary'] ?? lines(options.description)[0]}`,
    `License: ${options.license}`,
    `Vendor: ${options.vendor}`,
    `URL: ${options.url}`,
    'AutoReqProv: no',
    ...options.depends.map((each) => `Requires: ${each}`),
    '%define __os_install_post %{nil}',
    '%define _build_id_links none',
    '%define _binary_payload w3.zstdio',
    `%description\n${lines(options.description).join('\n')}`,
    `%post\n${script('after-install')}`,
    `%postun\n${script('after-remove')}`,
    `%files\n%defattr(-,root,root,-)\n${owned.join('\n')}`,
  ];
  writeFileSync(join(work, 'package.spec'), `${spec.join('\n')}\n`);
  const architecture = { amd64: 'x86_64', arm64: 'aarch64' }[options.architecture] ?? options.architecture;
  const where = ['--define', `_topdir ${work}/build`, '--define', `_rpmdir ${work}/made`];
  const built = ['-bb', '--quiet', '--buildroot', root, '--target', architecture, ...where, join(work, 'package.spec')];
  execFileSync('rpmbuild', built, { stdio: 'inherit' });
  const made = readdirSync(join(work, 'made'), { recursive: true }).find((name) => String(name).endsWith('.rpm'));
  copyFileSync(join(work, 'made', String(made)), options.package);
}

function main(given) {
  const options = parse(given);
  // Beside the result, so that files can be linked.
  const work = mkdtempSync(join(existsSync(dirname(options.package)) ? dirname(options.package) : tmpdir(), 'fpm-'));
  try {
    const root = join(work, 'root');
    mkdirSync(root, { mode: 0o755 });
    layOut(options.maps, root);
    if (options.t === 'deb') deb(options, root);
    else if (options.t === 'rpm') rpm(options, root, work);
    else throw new Error(`fpm's stand-in makes deb and rpm, not ${options.t}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

module.exports = { parse };
if (require.main === module) main(process.argv.slice(2));
