import type { Telling } from '#state/news.svelte.ts';

/** Does the work and tells nobody. */
export const untoldNews: Telling = { after: (_name, _command, work) => work() };
