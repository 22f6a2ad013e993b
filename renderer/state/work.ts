import type { Work } from '#contract/host.ts';
import type { RunProgress, RunSummary } from '#contract/training.ts';

/** 0…1 of a run; `unknown` before its first batch. */
export function shareOfRun(run: RunSummary, progress: RunProgress | null): number | 'unknown' {
  if (!progress) return run.epochsDone > 0 ? Math.min(1, run.epochsDone / run.settings.epochs) : 'unknown';
  const { epoch, epochs, batch, batches } = progress;
  if (epoch < 1 || epochs < 1 || batches < 1) return 'unknown';
  return Math.min(1, Math.max(0, (epoch - 1 + batch / batches) / epochs));
}

/** Of several pieces of work the first that can be told; whole per cents, so that little is sent. */
export function shareOfAll(shares: readonly (number | null | 'unknown')[]): Work['share'] {
  const told = shares.find((share) => typeof share === 'number');
  if (told !== undefined && told !== null) return Math.round(Number(told) * 100) / 100;
  return shares.length > 0 ? 'unknown' : null;
}
