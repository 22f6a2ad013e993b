import type { RunState, RunSummary } from '#contract/training.ts';

/** How a run ended. */
export type RunEnd = 'done' | 'early' | 'failed' | 'interrupted';

/**
 * Runs that ended since the list was seen last, by themselves: what a person stopped is no news.
 * @param known states by run; absent = it was not on the list
 */
export function endedRuns(
  known: ReadonlyMap<string, RunState>,
  runs: readonly RunSummary[],
): { run: RunSummary; end: RunEnd }[] {
  return runs.flatMap((run) => {
    const before = known.get(run.id);
    if (before === undefined || !underWay.has(before)) return [];
    const end = endOf(run);
    return end ? [{ run, end }] : [];
  });
}

const underWay: ReadonlySet<RunState> = new Set(['queued', 'preparing', 'training', 'paused', 'testing']);

function endOf({ state, ended }: RunSummary): RunEnd | null {
  if (state === 'done') return ended === 'early-stopping' ? 'early' : 'done';
  if (state === 'stopped') return ended ? (ended === 'early-stopping' ? 'early' : 'failed') : null;
  return state === 'failed' || state === 'interrupted' ? state : null;
}
