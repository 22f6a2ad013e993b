import type { WorkProgress } from '#contract/data.ts';

/** Hears how far a piece of work is; told at most ten times a second, and always at the end. */
export type Tell = (done: number, total: number) => void;

const quietFor = 100; // milliseconds

/** Work that tells how far it is, as a stream: its progress, then its result. Leaving the stream ends the work. */
export async function* withProgress<T>(
  signal: AbortSignal | undefined,
  work: (tell: Tell, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<WorkProgress, T> {
  const left = new AbortController();
  let news: WorkProgress | undefined;
  let wake = (): void => undefined;
  let ended = false;
  const tell = telling((progress) => {
    news = progress; // who is slow to listen hears the latest
    wake();
  });
  const result = work(tell, signal ? AbortSignal.any([signal, left.signal]) : left.signal).finally(() => {
    ended = true;
    wake();
  });
  result.catch(() => undefined); // awaited below, or nobody waits any more
  try {
    for (;;) {
      const told = news;
      news = undefined;
      if (told) yield told;
      else if (ended) return await result;
      else await new Promise<void>((settle) => (wake = settle));
    }
  } finally {
    left.abort();
    await result.catch(() => undefined); // whoever leaves finds nothing half-made
  }
}

function telling(report: (progress: WorkProgress) => void): Tell {
  let first: { at: number; done: number } | undefined;
  let last = -Infinity;
  return (done, total) => {
    const at = performance.now();
    first ??= { at, done };
    if (at - last < quietFor && done < total) return;
    last = at;
    const seconds = (at - first.at) / 1000;
    const rate = seconds >= 0.5 ? (done - first.done) / seconds : 0;
    report({ done, total, secondsLeft: rate > 0 ? Math.max(0, (total - done) / rate) : null });
  };
}
