import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainingSettings } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { OwnNetworks } from '#engine/model/own-networks.ts';
import { findPreset } from '#engine/model/presets.ts';
import { resolved, type LayerSpec } from '#engine/model/spec.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import { runFile } from '#engine/training/run-files.ts';
import { readRunSpec } from '#engine/training/run-spec.ts';
import { openProject } from '#test/support/open-project.ts';
import { follow, settings, smallTraining } from '#test/support/small-training.ts';

const spec = resolved(findPreset('tutorial-mlp-16'), { height: 2, width: 2, channels: 1 });
const other = {
  ...spec,
  layers: spec.layers.map((layer) => (layer.name === 'dense' ? { ...layer, units: 5 } : layer)),
};

async function world() {
  const networks = await OwnNetworks.open(await openProject());
  const { id } = await networks.save({ ...spec, name: 'Mine' });
  const training = await smallTraining({ network: (each) => networks.find(each) });
  return { ...training, networks, own: { ...settings, preset: id } satisfies TrainingSettings };
}

const outputs = async (run: Parameters<typeof loadRunNetwork>[0], folder: string) => {
  const network = await loadRunNetwork(run, folder, { height: 2, width: 2, channels: 1 });
  const values = tf.tidy(() =>
    network.logits(tf.fill([1, 2, 2, 1], 90) as tf.Tensor4D, { training: false }).dataSync(),
  );
  network.dispose();
  return [...values];
};

test('a run has its own copy of an own network: it stays loadable when that is changed or discarded', async () => {
  const { trainer, store, networks, own } = await world();
  const run = await trainer.start(own);
  expect(run).toMatchObject({ name: 'Mine 1', presetName: 'Mine' });
  await follow(trainer, run);
  const [done, folder] = [store.get(run.id), store.folder(run.id)];
  expect(done).toMatchObject({ state: 'done', test: { count: 12 } });
  const before = await outputs(done, folder);
  await networks.save({ ...other, name: 'Mine' }, own.preset);
  expect(await outputs(done, folder)).toEqual(before);
  await networks.discard(own.preset);
  expect(await outputs(done, folder)).toEqual(before);
  expect((await trainer.network(run.id)).spec.layers).toEqual(spec.layers);
});

test('it goes on with its own copy, too', async () => {
  const { trainer, store, networks, own } = await world();
  const run = await trainer.start({ ...own, epochs: 4, checkpoints: { everyBatches: 2 } });
  let stopped = false;
  await follow(trainer, run, async (event) => {
    if (stopped || event.kind !== 'batches') return;
    stopped = true;
    await trainer.stop(run.id, 'now');
  });
  await networks.save({ ...other, name: 'Mine' }, own.preset);
  const taken = await trainer.continue(run.id);
  await follow(trainer, taken);
  expect(store.get(run.id)).toMatchObject({ state: 'done', epochsDone: 4 });
});

test('another network in the run’s folder is noticed before its weights are taken for it', async () => {
  const { trainer, store, own } = await world();
  const run = await trainer.start({ ...own, epochs: 50, checkpoints: { everyBatches: 1 } });
  await follow(trainer, run, (event) => event.kind === 'batches' && trainer.stop(run.id, 'now'));
  const file = join(store.folder(run.id), 'network.json');
  // As many weights, another order: what is said of the layers is the same.
  const same: LayerSpec[] = spec.layers.map((layer) =>
    layer.kind === 'Dense' ? { ...layer, biasInitializer: 'ones' } : layer,
  );
  await writeFile(file, JSON.stringify({ ...spec, id: own.preset, layers: same }));
  await expect(trainer.continue(run.id)).rejects.toMatchObject({
    code: 'run/cannot-continue',
    details: { reason: 'network' },
  });
});

test.each([
  ['is missing', (file: string) => rm(file)],
  ['is torn', (file: string) => writeFile(file, '{"id": "own-mi')],
])('a network that %s is told as a torn run', async (_, damage) => {
  const { trainer, store, own } = await world();
  const run = await trainer.start(own);
  await follow(trainer, run);
  await damage(join(store.folder(run.id), 'network.json'));
  await expect(readRunSpec(store.get(run.id), store.folder(run.id))).rejects.toMatchObject({ code: 'run/torn' });
});

test('a network that is wrong is refused with the layer that is', async () => {
  const { trainer, networks, own } = await world();
  await networks.save({ ...spec, name: 'Mine', layers: spec.layers.slice(1) }, own.preset);
  await expect(trainer.start(own)).rejects.toMatchObject({ code: 'model/needs-row', details: { layer: 'dense' } });
  await expect(trainer.preflight(own)).rejects.toMatchObject({ code: 'model/needs-row' });
});

test('runs on presets have no copy', async () => {
  const { trainer, store } = await world();
  const run = await trainer.start({ ...settings, epochs: 1 });
  await follow(trainer, run);
  await expect(readFile(join(store.folder(run.id), 'network.json'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('standardized pixels: the figures are kept with the run, and predictions use them', async () => {
  const { trainer, store } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 15, limitTrain: 30, pixels: 'standardize' });
  await follow(trainer, run);
  const [done, folder] = [store.get(run.id), store.folder(run.id)];
  expect(done.test?.accuracy).toBeGreaterThan(0.9);
  const written = JSON.parse(await readFile(runFile(folder), 'utf8')) as typeof done;
  expect(written.pixelStatistics).toEqual(done.pixelStatistics);
  const with_ = await outputs(done, folder);
  const { pixelStatistics: _gone, ...without } = done;
  await expect(outputs(without, folder)).rejects.toMatchObject({ code: 'run/torn' });
  const raw = await outputs({ ...done, settings: { ...done.settings, pixels: 'none' } }, folder);
  expect(raw).not.toEqual(with_);
});
