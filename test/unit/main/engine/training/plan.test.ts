import { expect, test } from 'vitest';
import { planRun } from '#engine/training/plan.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';
import { settings } from '#test/support/brightness.ts';
import { follow, smallTraining } from '#test/support/small-training.ts';

const backend = { name: 'cpu', trains: 'small' } as const;
const labels = Array.from({ length: 30 }, (_, index) => index % 3);
const splits = { train: { labels }, validation: { labels: labels.slice(0, 6) } };
const data = smallDataSet({ height: 4, width: 4, splits });
const none = { amount: 'none', pick: 'last' } as const;

test("the data set's own validation split validates where nothing is cut off", () => {
  const plan = planRun({ ...settings, validation: none }, data, backend);
  expect(plan.held).toBe(data.source('validation'));
  expect([...plan.cut.validation]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(plan.cut.train).toHaveLength(30);
});

test('what is cut off the training split takes its place', () => {
  const validation = { amount: { count: 9 }, pick: 'last' } as const;
  const plan = planRun({ ...settings, validation }, data, backend);
  expect(plan.held).toBeUndefined();
  expect(plan.cut.validation).toHaveLength(9);
  expect(plan.cut.train).toHaveLength(21);
});

test('a run is measured on its own validation split after every epoch', async () => {
  const { trainer } = await smallTraining({ data });
  const run = await trainer.start({ ...settings, validation: none, epochs: 2 });
  const { events } = await follow(trainer, run);
  const epochs = events.flatMap((event) => (event.kind === 'epoch' ? [event.record] : []));
  expect(epochs).toHaveLength(2);
  for (const { valLoss } of epochs) expect(valLoss).toBeGreaterThan(0);
});
