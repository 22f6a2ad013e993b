import { createRouterClient } from '@orpc/server';
import { beforeEach, expect, test } from 'vitest';
import { modelCalls } from '#engine/model/calls.ts';
import { OwnNetworks } from '#engine/model/own-networks.ts';
import { findPreset } from '#engine/model/presets.ts';
import { openProject } from '#test/support/open-project.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

const colour = smallDataSet({ height: 20, width: 30, channels: 3, classes: 4, splits: { train: { labels: [0] } } });

let networks: OwnNetworks;
beforeEach(async () => void (networks = await OwnNetworks.open(await openProject())));

const model = createRouterClient(
  modelCalls({
    dataset: () => Promise.resolve(colour),
    networks: () => networks,
    ofRun: () => Promise.resolve({ spec: findPreset('fashion-mlp'), images: { height: 9, width: 8, channels: 1 } }),
  }),
);

test('presets are listed with their source, as the contract says', async () => {
  const listed = await model.presets();
  expect(listed.map(({ id }) => id)).toContain('mnist-cnn');
  for (const { source, input, parameters } of listed) {
    expect(source).not.toBe('');
    expect([28, 224, 227, 299]).toContain(input[0]);
    expect(parameters).toBeGreaterThan(0);
  }
});

test("a summary is for the data set's images and classes", async () => {
  const summary = await model.summary({ preset: 'fashion-mlp', dataset: 'small' });
  expect(summary).toMatchObject({ input: [20, 30, 3], classes: 4, parameters: 1800 * 128 + 128 + 128 * 4 + 4 });
});

test('an unknown preset is refused', async () => {
  const asked = model.summary({ preset: 'lenet-9', dataset: 'small' });
  await expect(asked).rejects.toMatchObject({ code: 'model/unknown-preset' });
});

test('a preset becomes data for the images of a data set, with the layers that it has for such images', async () => {
  const spec = await model.spec({ preset: 'vgg-11', dataset: 'small' });
  expect(spec.input).toEqual([20, 30, 3]);
  expect(spec.layers[0]).toMatchObject({ kind: 'Resizing' });
  expect((await model.spec({ preset: 'vgg-11' })).layers[0]).toMatchObject({ kind: 'Conv2D' });
});

test('the network of a run comes for the images that the run takes', async () => {
  expect((await model.spec({ run: 'r' })).input).toEqual([9, 8, 1]);
  expect((await model.spec({ run: 'r', dataset: 'small' })).input).toEqual([20, 30, 3]);
});

test('an own network is listed first, says whose it is, and is summed up, discarded and restored', async () => {
  const spec = await model.spec({ preset: 'fashion-mlp', dataset: 'small' });
  const saved = await model.save({ spec: { ...spec, name: 'Mine' } });
  expect(saved).toMatchObject({ id: 'own-mine', name: 'Mine', own: true });
  expect((await model.presets())[0]).toEqual(saved);
  expect((await model.summary({ preset: saved.id, dataset: 'small' })).classes).toBe(4);
  await model.discardNetwork({ id: saved.id });
  expect((await model.presets()).map(({ id }) => id)).not.toContain(saved.id);
  expect(await model.restoreNetwork({ id: saved.id })).toEqual(saved);
});

test('a network that is wrong can be kept, and is listed with the parameters that are known', async () => {
  const spec = await model.spec({ preset: 'fashion-mlp', dataset: 'small' });
  const [flatten, hidden] = spec.layers;
  const saved = await model.save({ spec: { ...spec, layers: [flatten!, hidden!, { ...hidden!, inputs: ['gone'] }] } });
  expect(saved.parameters).toBe(1800 * 128 + 128);
});

test('what is checked has its shapes, and errors at their layers', async () => {
  const spec = await model.spec({ preset: 'mnist-cnn', dataset: 'small' });
  const whole = await model.check({ spec, dataset: 'small' });
  expect(whole.errors).toEqual([]);
  expect(whole.summary?.layers).toEqual(whole.layers.map(({ facts }) => facts));
  const layers = spec.layers.filter(({ kind }) => kind !== 'Flatten');
  const { summary, errors, layers: checked } = await model.check({ spec: { ...spec, layers }, dataset: 'small' });
  expect(summary).toBeUndefined();
  expect(errors.map(({ layer, code }) => [layer, code])).toEqual([['dense', 'model/needs-row']]);
  expect(checked.map(({ facts }) => facts !== undefined)).toEqual([true, true, true, true, false, false, false]);
});
