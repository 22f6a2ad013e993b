import { expect, test } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import { tf } from '#engine/backend/tensors.ts';
import { OwnModels } from '#engine/model/own-models.ts';
import { OwnNetworks } from '#engine/model/own-networks.ts';
import { buildNetwork } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { findPreset } from '#engine/model/presets.ts';
import { resolved } from '#engine/model/spec.ts';
import { Models, type Zoo } from '#engine/predict/models.ts';
import { follow, settings, smallTraining } from '#test/support/small-training.ts';
import { openProject } from '#test/support/open-project.ts';

const preset = 'tutorial-mlp-16';
const spec = resolved(findPreset(preset), { height: 4, width: 4, channels: 1 });
const layers = spec.layers.map((layer) =>
  layer.kind === 'Dense' && layer.units === 'classes' ? { ...layer, units: 3 } : layer,
);

/** With weights drawn from a seed. */
function portable(seed: number): PortableModel {
  const network = buildNetwork(preset, { height: 4, width: 4, channels: 1, classes: 3 }, seed);
  const weights = network.variables.map(({ name, variable }) => ({
    ...{ name, shape: [...variable.shape], values: variable.dataSync<'float32'>() },
  }));
  network.dispose();
  const classes = ['one', 'two', 'three'].map((label) => ({ label }));
  return { spec: { ...spec, layers }, pixels: { kind: 'divide-255' }, classes, weights };
}

const origin = { file: 'a.keras', format: 'keras', notes: [] };
const none = { entries: () => [], known: () => null, portable: () => Promise.reject(new Error('none')) };

const nothingSaved = {
  list: () => [],
  has: () => false,
  known: () => {
    throw new Error('none');
  },
  classes: () => [],
  ask: () => Promise.reject(new Error('none')),
};

async function world(zoo: Zoo = none) {
  await tf.setBackend('cpu');
  const project = await openProject();
  const networks = await OwnNetworks.open(project);
  const own = await OwnModels.open(project, networks);
  const read: string[] = [];
  const runs = {
    get: () => {
      throw new Error('no runs');
    },
    list: () => [],
    folder: () => '',
  };
  const counted = Object.assign(Object.create(own) as OwnModels, {
    has: (id: string) => own.has(id),
    known: (id: string) => own.known(id),
    find: (id: string) => own.find(id),
    list: () => own.list(),
    portable: (id: string) => (read.push(id), own.portable(id)),
  });
  const models = new Models({
    ...{ runs, own: counted, saved: nothingSaved, zoo },
    dataset: () => Promise.reject(new Error('no sets')),
    ready: () => Promise.resolve(),
  });
  return { project, networks, own, models, read };
}

const pixels = Uint8Array.from({ length: 16 }, (_, i) => i * 16);

test('a model from a file answers as the network that it was made from, also after the project was opened anew', async () => {
  const { project, own, models } = await world();
  const id = await own.save(portable(1), { name: 'Mine', origin });
  const network = buildNetwork(preset, { height: 4, width: 4, channels: 1, classes: 3 }, 1);
  const images = tf.tensor4d(Float32Array.from(pixels), [1, 4, 4, 1]);
  const expected = network.logits(images, { training: false });
  expect(await models.use(id, ({ inference }) => [...inference.logits(pixels, 1)])).toEqual([...expected.dataSync()]);
  const again = await OwnModels.open(project, await OwnNetworks.open(project));
  expect(again.known(id)).toEqual(own.known(id));
  expect(await again.portable(id)).toMatchObject({ pixels: { kind: 'divide-255' }, classes: portable(1).classes });
  tf.dispose([images, expected]);
  network.dispose();
});

test('a model is read once, three stay ready, and one in use is not taken away', async () => {
  const { own, models, read } = await world();
  const ids: string[] = [];
  for (const seed of [1, 2, 3, 4]) ids.push(await own.save(portable(seed), { name: `M ${seed}`, origin }));
  const [a = '', b = '', c = '', d = ''] = ids;
  const before = tf.memory().numTensors;
  await models.use(a, async ({ inference }) => {
    for (const id of [b, c, d]) await models.use(id, () => undefined);
    expect(inference.logits(pixels, 1)).toHaveLength(3);
  });
  for (const id of [b, c, d]) await models.use(id, () => undefined);
  expect(read).toEqual([a, b, c, d]);
  await models.use(a, () => undefined);
  expect(read).toEqual([a, b, c, d, a]);
  models.dispose();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(tf.memory().numTensors).toBe(before);
});

test('another treatment of pixels is another answer', async () => {
  const { own, models } = await world();
  const id = await own.save(portable(1), { name: 'Mine', origin });
  const ask = (kind?: 'none') => models.use(id, ({ inference }) => [...inference.logits(pixels, 1)], kind && { kind });
  expect(await ask('none')).not.toEqual(await ask());
});

test('runs, models from files and those of the zoo stand in one list', async () => {
  const known = { ref: 'zebra', kind: 'zoo' } as KnownModel;
  const zoo = {
    ...none,
    entries: () => [{ id: 'zebra' }, { id: 'yak' }],
    known: (id: string) => (id === 'zebra' ? known : null),
  };
  const { own, models } = await world(zoo);
  const id = await own.save(portable(1), { name: 'Mine', origin });
  expect((await models.list()).map(({ ref, kind }) => [ref, kind])).toEqual([
    [id, 'file'],
    ['zebra', 'zoo'],
  ]);
});

test('a model from a file is discarded with its network, and both come back', async () => {
  const { own, networks } = await world();
  const id = await own.save(portable(1), { name: 'Mine', origin });
  expect(networks.list().map((each) => each.id)).toEqual([id]);
  await own.discard(id);
  expect([own.has(id), networks.list()]).toEqual([false, []]);
  expect(() => own.find(id)).toThrow(expect.objectContaining({ code: 'model/unknown' }));
  await own.restore(id);
  expect([own.has(id), networks.list().length]).toEqual([true, 1]);
});

test('names are given to its classes, one to each', async () => {
  const { own } = await world();
  const id = await own.save({ ...portable(1), classes: [] }, { name: 'Mine', origin });
  expect(own.find(id).classes.map(({ label }) => label)).toEqual(['0', '1', '2']);
  await own.describe(id, { classes: [{ label: 'a' }, { label: 'b' }, { label: 'c' }], fit: 'stretch' });
  expect(own.known(id)).toMatchObject({ classes: 3, fit: 'stretch' });
  await expect(own.describe(id, { classes: [{ label: 'a' }] })).rejects.toMatchObject({ code: 'call/invalid' });
});

test('a trained run is a model, with the numbers of its last weights', async () => {
  const { store, trainer, project } = await smallTraining();
  const { id } = await trainer.start({ ...settings, epochs: 1 });
  await follow(trainer, store.get(id));
  const models = new Models({
    ...{
      runs: store,
      own: await OwnModels.open(project, await OwnNetworks.open(project)),
      saved: nothingSaved,
      zoo: none,
    },
    dataset: () => Promise.reject(new Error('gone')),
    ready: () => Promise.resolve(),
  });
  const known = await models.known(id);
  expect(known).toMatchObject({ kind: 'run', name: store.get(id).name, classes: 3, dataset: 'small', channels: 1 });
  expect((await models.list()).map(({ ref }) => ref)).toEqual([id]);
  const answer = await models.use(id, ({ inference }) => [...inference.logits(Uint8Array.of(1, 2, 3, 4), 1)]);
  expect(answer.every(Number.isFinite)).toBe(true);
  const { weights, spec: written } = await models.portable(id);
  expect(weights.map(({ name }) => name)).toContain('dense/kernel');
  expect(written.layers.at(-1)).toMatchObject({ kind: 'Dense', units: 3 });
  await expect(models.portable(`${id}@7`)).rejects.toMatchObject({ code: 'run/no-weights' });
  models.dispose();
});
