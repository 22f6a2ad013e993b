import type { RunSummary } from '#contract/training.ts';

/** New facts of a run; `undefined` takes one away. */
export type RunChange = { readonly [Fact in keyof RunSummary]?: RunSummary[Fact] | undefined };

export function changedRun(run: RunSummary, change: RunChange): RunSummary {
  const facts = Object.entries({ ...run, ...change }).filter(([, fact]) => fact !== undefined);
  return Object.fromEntries(facts) as RunSummary;
}

/** Notes and tags that are asked for; empty ones take them away, and a tag is there once. */
export function annotation({ notes, tags }: Pick<RunChange, 'notes' | 'tags'>): RunChange {
  return {
    ...(notes === undefined ? {} : { notes: notes === '' ? undefined : notes }),
    ...(tags === undefined ? {} : { tags: tags.length === 0 ? undefined : [...new Set(tags)] }),
  };
}
