import { expect, test } from 'vitest';
import type { RunProgress, RunSummary } from '#contract/training.ts';
import { shareOfAll, shareOfRun } from '#state/work.ts';

const run = { epochsDone: 2, settings: { epochs: 8 } } as RunSummary;
const at = (epoch: number, batch: number) => ({ epoch, epochs: 4, batch, batches: 10 }) as RunProgress;

test('a run is as far as its batches, else as its epochs', () => {
  expect(shareOfRun(run, at(1, 0))).toBe(0);
  expect(shareOfRun(run, at(2, 5))).toBe(0.375);
  expect(shareOfRun(run, at(4, 10))).toBe(1);
  expect(shareOfRun(run, null)).toBe(0.25);
  expect(shareOfRun({ ...run, epochsDone: 0 }, null)).toBe('unknown');
  expect(shareOfRun(run, { ...at(0, 0), batches: 0 })).toBe('unknown');
});

test('of several pieces of work the first that can be told is shown', () => {
  expect(shareOfAll([])).toBe(null);
  expect(shareOfAll(['unknown'])).toBe('unknown');
  expect(shareOfAll(['unknown', 0.123, 0.9])).toBe(0.12);
});
