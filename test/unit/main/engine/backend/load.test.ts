import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { thisMachine } from '#engine/backend/installed.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** An engine that is whole by its stamp and does not load. */
async function brokenEngine(): Promise<string> {
  const cache = await temporaryFolder();
  const folder = join(cache, 'engine', 'broken');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'addon.node'), 'not a library');
  const files = { 'addon.node': { bytes: 13, sha256: '' } };
  const kind = { version: '9.9.9', variant: 'cpu', source: 'wheel', machine: thisMachine };
  const stamp = { format: 1, ...kind, addon: 'addon.node', addonVersion: '4.22.0', files };
  await writeFile(join(folder, 'engine.json'), JSON.stringify(stamp));
  return cache;
}

test('without TensorFlow, WebAssembly predicts, and the notes say why and how to get more', async () => {
  const backend = await loadBackend('auto', { cache: await temporaryFolder() });
  const status = backend.status();
  expect(status).toMatchObject({ backend: 'wasm', version: '4.22.0', device: { kind: 'cpu' }, trains: 'small' });
  expect(status.notes.map(({ code }) => code)).toEqual(['tensorflow-not-installed', 'wasm-predicts-only']);
  expect(status.notes[0]?.message).toContain('heatlens engine --provision');
  expect(status.compiled).toBe(false);
});

test('gradients never run on WebAssembly', async () => {
  const backend = await loadBackend('js', { cache: await temporaryFolder() });
  expect(backend.status().notes[0]?.code).toBe('js-by-choice');
  await backend.use('gradients');
  expect(tf.getBackend()).toBe('cpu');
  await backend.use('prediction');
  expect(tf.getBackend()).toBe('wasm');
});

test('TensorFlow asked for by name and not there is a failure', async () => {
  const failure = loadBackend('tensorflow', { cache: await temporaryFolder() });
  await expect(failure).rejects.toMatchObject({ code: 'engine/not-ready' });
});

test('a TensorFlow that does not load is a note, and the app still has a backend', async () => {
  const { backend, notes } = (await loadBackend('auto', { cache: await brokenEngine() })).status();
  expect(backend).toBe('wasm');
  expect(notes[0]).toMatchObject({ code: 'tensorflow-does-not-load', details: { version: '9.9.9' } });
});

test('a TensorFlow asked for by name that does not load is a failure', async () => {
  const failure = loadBackend('tensorflow', { cache: await brokenEngine() });
  await expect(failure).rejects.toMatchObject({ code: 'provision/load-failed', details: { version: '9.9.9' } });
});
