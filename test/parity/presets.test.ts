import { beforeAll, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { presets } from '#engine/model/presets.ts';
import { checkPreset, readFixture, type PresetCase } from '#test/support/keras-cases.ts';

const { keras, seed, cases } = readFixture<PresetCase>('presets');

beforeAll(() => loadBackend('tensorflow'));

test.each(cases)(`$preset has the layers, output and gradients of the same network in Keras ${keras}`, (one) =>
  checkPreset(seed, cases.indexOf(one), one),
);

test('every preset is among the cases', () => {
  expect(cases.map(({ preset }) => preset)).toEqual(presets.map(({ id }) => id));
});
