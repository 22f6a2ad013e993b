import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { enginePackages } from '../../../packaging/engine-files.mjs';
import { packagesWith } from '../../../packaging/node-packages.mjs';
import { notices, noticesFile, ofPackage } from '../../../packaging/notices.mjs';

const all = notices();
const titles = all.map(({ title }) => title);

test('everything in a package has its notice, with a text', () => {
  expect(all.filter(({ texts }) => texts.join('').trim().length < 200).map(({ title }) => title)).toEqual([]);
  for (const { name, version } of packagesWith(Object.keys(manifest.dependencies)))
    expect(titles).toContain(`${name} ${version}`);
});

test('what is laid out for the engine is among them', () => {
  for (const { name, version } of enginePackages()) expect(titles).toContain(`${name} ${version}`);
});

test.each([
  ['Electron and Chromium', 'GitHub Inc.'],
  ['Node.js', 'Node.js is licensed for use as follows'],
  ['TensorFlow', 'The TensorFlow Authors'],
  ['ffmpeg and ffprobe', 'corresponding source'],
  ['ffmpeg and ffprobe', 'GNU GENERAL PUBLIC LICENSE'],
  ['libvips and the libraries in it', 'GNU LESSER GENERAL PUBLIC LICENSE'],
  ['EfficientNet-Lite0', 'Apache License'],
  ['WordNet, and the names of ImageNet’s classes', 'Princeton University'],
])('%s: its notice says "%s"', (title, words) => {
  expect(all.find((notice) => notice.title === title)?.texts.join('\n')).toContain(words);
});

test('the file lists each once and has each text', () => {
  const file = noticesFile(all);
  for (const { title, licence } of all) expect(file).toContain(`  ${title}: ${licence}\n`);
  expect(file.split('GNU GENERAL PUBLIC LICENSE\n').length).toBeLessThan(10);
});

test('a package whose licence nobody knows is a failure, not a gap', async () => {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const given = { name: 'odd', version: '1.0.0', folder, path: 'node_modules/odd' };
  expect(() => ofPackage({ ...given, manifest: { license: 'SEE ELSEWHERE' } })).toThrow(/odd 1.0.0.*SEE ELSEWHERE/);
  expect(() => ofPackage({ ...given, manifest: {} })).toThrow(/odd 1.0.0/);
  await writeFile(join(folder, 'COPYING'), 'As you like.');
  expect(ofPackage({ ...given, manifest: {} }).texts).toEqual(['As you like.']);
  const told = ofPackage({
    ...given,
    folder: await temporaryFolder(),
    manifest: { license: 'MIT', author: 'A. Person' },
  });
  expect(told.texts[0]).toBe('Copyright A. Person');
});
