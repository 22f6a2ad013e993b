import type { ProvisionProgress, ProvisionStage } from '#contract/engine-status.ts';

export type Report = (progress: ProvisionProgress) => void;

/** What every step of provisioning is handed: when to stop, and whom to tell. */
export interface Work {
  readonly signal: AbortSignal;
  /** A new stage, or a new sentence in the same one. */
  begin(stage: ProvisionStage, message: string): void;
  /** How far the stage is. Heard at most ten times a second, and always at its end. */
  advance(done: number, total: number, unit: 'bytes' | 'files'): void;
}

const quietFor = 100; // milliseconds

export function workFor(report: Report, signal: AbortSignal, now: () => number = () => performance.now()): Work {
  let stage: ProvisionStage = 'check';
  let message = '';
  let first: { at: number; done: number } | undefined;
  let lastTold = -Infinity;
  return {
    signal,
    begin: (nextStage, sentence) => {
      stage = nextStage;
      message = sentence;
      first = undefined;
      lastTold = -Infinity;
      report({ stage, done: 0, total: 0, unit: 'none', secondsLeft: null, message });
    },
    advance: (done, total, unit) => {
      const at = now();
      first ??= { at, done }; // a resumed download counts from where it resumed
      if (at - lastTold < quietFor && done < total) return;
      lastTold = at;
      const seconds = (at - first.at) / 1000;
      const rate = seconds >= 0.5 ? (done - first.done) / seconds : 0;
      report({ stage, done, total, unit, secondsLeft: rate > 0 ? Math.max(0, (total - done) / rate) : null, message });
    },
  };
}
