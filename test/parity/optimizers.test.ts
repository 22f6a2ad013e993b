import { beforeAll, expect, test } from 'vitest';
import { optimizerDefaults } from '#contract/training.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { checkOptimizer, readFixture, type OptimizerCase } from '#test/support/keras-cases.ts';

const { keras, seed, cases } = readFixture<OptimizerCase>('optimizers');

beforeAll(() => loadBackend('tensorflow'));

test.each(cases.map((one) => ({ ...one, title: JSON.stringify(one.settings) })))(
  `ten steps end where Keras ${keras} ends: $title`,
  (one) => checkOptimizer(seed, one),
);

test('every optimizer is among the cases', () => {
  expect(new Set(cases.map(({ settings }) => settings.name))).toEqual(new Set(Object.keys(optimizerDefaults)));
});
