import type { FilmFacts } from '#contract/video.ts';

/** Seconds at which the last frame begins; null where nobody knows the length. */
export function lastPlace({ seconds, rate }: Pick<FilmFacts, 'seconds' | 'rate'>): number | null {
  return seconds === null ? null : Math.max(0, seconds - 1 / rate);
}

/** One frame on or back: at the beginning of a frame, as far as the mean rate tells. */
export function stepped(facts: Pick<FilmFacts, 'seconds' | 'rate'>, place: number, by: number): number {
  const frame = Math.round(place * facts.rate) + by;
  return Math.min(lastPlace(facts) ?? Infinity, Math.max(0, frame / facts.rate));
}

/** A part whose end lies behind its beginning; where a change would turn it round, the other end goes. */
export function partWith(
  { from, to }: { from?: number | undefined; to?: number | undefined },
  change: { from?: number | undefined; to?: number | undefined },
): { from: number | undefined; to: number | undefined } {
  const next = { from, to, ...change };
  const begin = next.from === 0 ? undefined : next.from;
  if (begin === undefined || next.to === undefined || next.to > begin) return { from: begin, to: next.to };
  return 'from' in change ? { from: begin, to: undefined } : { from: undefined, to: next.to };
}
