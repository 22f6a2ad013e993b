import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packagesWith } from './node-packages.mjs';
import { root } from './places.mjs';

/** @typedef {{ title: string, licence: string, texts: string[] }} Notice */

const text = (/** @type {string[]} */ ...path) => readFileSync(join(root, ...path), 'utf8');
const ours = (/** @type {string} */ name) => {
  const file = join(root, 'packaging', 'licences', name);
  return name.endsWith('.gz') ? gunzipSync(readFileSync(file)).toString() : readFileSync(file, 'utf8');
};

/** What packages say of themselves → the text, for those that bring none. */
const texts = {
  MIT: 'MIT.txt',
  ISC: 'ISC.txt',
  'BSD-3-Clause': 'BSD-3-Clause.txt',
  'Apache-2.0': 'Apache-2.0.txt',
  'GPL-3.0': 'GPL-3.0.txt',
  GPLv3: 'GPL-3.0.txt',
  'LGPL-2.1': 'LGPL-2.1.txt',
  'LGPL-3.0-or-later': 'LGPL-3.0.txt',
};

/**
 * A notice for everything in a package: each Node package that the programs or the page are made of, the programs and
 * libraries beside them, weights, data. Throws where a licence is not known.
 * @returns {Notice[]}
 */
export function notices() {
  const { dependencies } = JSON.parse(text('package.json'));
  return [...others(), ...packagesWith(Object.keys(dependencies)).map(ofPackage)];
}

/** @param {import('./node-packages.mjs').NodePackage} given @returns {Notice} */
export function ofPackage({ name, version, folder, manifest }) {
  const named = manifest.license ?? manifest.licenses?.[0]; // the older field holds a list
  const said = typeof named === 'string' ? named : (named?.type ?? '');
  const files = readdirSync(folder).filter((file) => /^(un)?(licen[cs]e|copying|notice)/i.test(file));
  const brought = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const licence = said || (brought.length > 0 ? 'as its text says' : '');
  const missing = brought.length > 0 ? [] : licence.split(/ AND |[()]/).filter(Boolean);
  const unknown = missing.filter((each) => !(each in texts));
  if (!licence || unknown.length > 0) throw new Error(`${name} ${version}: no text for its licence "${licence}"`);
  const known = [...new Set(missing)].map((each) => ours(texts[each]).trim());
  const author = authorOf(manifest);
  return {
    title: `${name} ${version}`,
    licence,
    texts: [...(author && known.length > 0 ? [`Copyright ${author}`] : []), ...brought, ...known],
  };
}

function authorOf({ author, repository }) {
  const named = typeof author === 'string' ? author : author?.name;
  const from = typeof repository === 'string' ? repository : repository?.url;
  return named ?? (from && `its authors, ${from}`);
}

/** @returns {Notice[]} */
function others() {
  const apache = ours('Apache-2.0.txt').trim();
  return [
    { title: 'Heatlens', licence: 'Apache-2.0', texts: [text('LICENSE').trim()] },
    { title: 'Electron and Chromium', licence: 'MIT, BSD-3-Clause and others', texts: [electron()] },
    { title: 'Node.js', licence: 'MIT and others', texts: [nodeLicence()] },
    {
      title: 'TensorFlow',
      licence: 'Apache-2.0 and others',
      texts: ['Copyright The TensorFlow Authors.', apache, ours('tensorflow-2.21.0.txt.gz').trim()],
    },
    { title: 'ffmpeg and ffprobe', licence: 'GPL-3.0', texts: [ours('ffmpeg.md').trim(), ours('GPL-3.0.txt').trim()] },
    {
      title: 'libvips and the libraries in it',
      licence: 'LGPL-3.0 and others',
      texts: [ours('libvips.md').trim(), ours('LGPL-3.0.txt').trim(), ours('GPL-3.0.txt').trim()],
    },
    {
      title: 'EfficientNet-Lite0',
      licence: 'Apache-2.0',
      texts: [text('assets', 'models', 'README.md').trim(), text('assets', 'models', 'LICENSE').trim()],
    },
    {
      title: 'WordNet, and the names of ImageNet’s classes',
      licence: 'WordNet',
      texts: [text('assets', 'imagenet', 'README.md').trim()],
    },
    {
      title: 'Photos, films and samples',
      licence: 'CC0, public domain',
      texts: ['photos', 'films', 'samples']
        .filter((name) => existsSync(join(root, 'assets', name)))
        .map((name) => text('assets', name, 'README.md').trim()),
    },
  ];
}

/** Electron's own file is short; Chromium's is a page of 5 MB that every build of Electron carries. */
function electron() {
  return [
    'Copyright (c) Electron contributors',
    'Copyright (c) 2013-2020 GitHub Inc.',
    '',
    ours('MIT.txt').trim(),
    '',
    'Chromium and what it is made of: LICENSES.chromium.html beside this program. Its libffmpeg is under the LGPL-2.1:',
    '',
    ours('LGPL-2.1.txt').trim(),
  ].join('\n');
}

/** Beside the Node that is taken along, where its installer put it; else that of the version that Heatlens is tested with. */
function nodeLicence() {
  const places = [
    join(process.execPath, '..', 'LICENSE'),
    join(process.execPath, '..', '..', 'LICENSE'),
    join(process.execPath, '..', '..', 'share', 'doc', 'nodejs', 'LICENSE'),
  ];
  const found = places.find(
    (file) => existsSync(file) && readFileSync(file, 'utf8').includes('Node.js is licensed for use as follows'),
  );
  return (found ? readFileSync(found, 'utf8') : ours('node-20.20.2.txt.gz')).trim();
}

const line = '='.repeat(100);

/** One file for people: a list, then each licence. Equal texts are written once. */
export function noticesFile(all = notices()) {
  const list = all.map(({ title, licence }) => `  ${title}: ${licence}`);
  const bodies = new Map();
  for (const { title, texts: parts } of all) {
    const body = parts.join('\n\n');
    bodies.set(body, [...(bodies.get(body) ?? []), title]);
  }
  const chapters = [...bodies].map(([body, titles]) => `${line}\n${titles.join('\n')}\n${line}\n\n${body}\n`);
  return `What Heatlens is made of, and its licences.\n\n${list.join('\n')}\n\n${chapters.join('\n')}`;
}
