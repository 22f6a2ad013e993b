import { expect, test } from 'vitest';
import type { RunState, RunSummary } from '#contract/training.ts';
import { endedRuns } from '#state/ended-runs.ts';

const run = (id: string, state: RunState, ended?: 'early-stopping' | 'not-finite') =>
  ({ id, state, ...(ended && { ended }) }) as RunSummary;

test.each<{ was: RunState | undefined; now: RunSummary; end: string | null }>([
  { was: 'training', now: run('a', 'done'), end: 'done' },
  { was: 'queued', now: run('a', 'done'), end: 'done' },
  { was: 'testing', now: run('a', 'done', 'early-stopping'), end: 'early' },
  { was: 'training', now: run('a', 'failed', 'not-finite'), end: 'failed' },
  { was: 'preparing', now: run('a', 'interrupted'), end: 'interrupted' },
  { was: 'training', now: run('a', 'stopped'), end: null },
  { was: 'training', now: run('a', 'paused'), end: null },
  { was: 'done', now: run('a', 'done'), end: null },
  { was: undefined, now: run('a', 'failed'), end: null },
])('a run that was $was and is $now.state is news of $end', ({ was, now, end }) => {
  const known = new Map(was ? [['a', was] as const] : []);
  expect(endedRuns(known, [now]).map((each) => each.end)).toEqual(end === null ? [] : [end]);
});
