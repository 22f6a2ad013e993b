import { beforeAll, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { checkLoss, readFixture, type LossCase } from '#test/support/keras-cases.ts';

const { keras, seed, cases } = readFixture<LossCase>('losses');

beforeAll(() => loadBackend('tensorflow'));

test.each(cases)(`logits within ±$scale give loss and gradient of Keras ${keras}`, (one) =>
  checkLoss(seed, cases.indexOf(one), one),
);
