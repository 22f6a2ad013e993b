import { untrack } from 'svelte';
import type { Failure } from '#contract/failures.ts';
import type { RunState } from '#contract/training.ts';
import type { App } from '#state/app.svelte.ts';
import { endedRuns, type RunEnd } from '#state/ended-runs.ts';
import { percent } from '#ui/format.ts';
import { shareOfAll, shareOfRun } from '#state/work.ts';

/**
 * Tells the system and the window's title how far the work under way is, and what ended; returns the function that stops it.
 */
export function followWork(app: App): () => void {
  return $effect.root(() => {
    const run = $derived(app.runs.active);
    const progress = $derived(app.runs.view && app.runs.view.id === run?.id ? app.runs.view.progress : null);
    const film = $derived(app.filmQueue.running);
    const share = $derived(
      shareOfAll([
        ...(run && run.state !== 'paused' ? [shareOfRun(run, progress)] : []),
        ...(film ? [shareOf({ done: film.done, total: film.total ?? 0 })] : []),
        ...app.imports.jobs.map((job) => job.share ?? 'unknown'),
        ...app.zoo.shares.map((part) => part ?? 'unknown'),
        ...(app.projects.work ? [shareOf(app.projects.work.progress)] : []),
        ...(app.provision.progress ? [shareOf(app.provision.progress)] : []),
        // What is waited for and says no share.
        ...(app.news.awaited > 0 ? ['unknown' as const] : []),
      ]),
    );
    $effect(() => {
      // A host that is gone shows nothing; its window goes with it.
      app.link.host.working({ share }).catch(() => undefined);
    });
    $effect(() => {
      document.title = titleOf(app, share);
    });

    const known = new Map<string, RunState>();
    $effect(() => {
      const runs = app.runs.all;
      const ended = endedRuns(known, runs);
      known.clear();
      for (const { id, state } of runs) known.set(id, state);
      untrack(() => ended.forEach(({ run: { id }, end }) => tellRun(app, id, end)));
    });
    $effect(() => {
      if (run) untrack(() => app.news.offer());
    });
  });
}

function shareOf(progress: { done: number; total: number } | null): number | 'unknown' {
  return progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 'unknown';
}

function titleOf(app: App, share: number | 'unknown' | null): string {
  const news = app.news.unseen.at(-1);
  const name = app.projects.current?.name ?? '';
  const far = typeof share === 'number' ? percent(share, 0, app.strings.language) : share === null ? '' : '…';
  return [news ? `(${app.news.unseen.length}) ${news.title}` : far, name, 'Heatlens']
    .filter((part) => part !== '')
    .join(' – ');
}

function tellRun(app: App, id: string, end: RunEnd): void {
  const run = app.runs.find(id);
  if (!run) return;
  const { name, epochsDone: epochs, test, failure } = run;
  const title = app.t(`news.run.${end}`, { name });
  const accuracy = percent(test?.accuracy, 1, app.strings.language);
  const body = failure
    ? app.strings.failure(failure as Failure)
    : app.t(test ? 'news.run.accuracy' : 'news.run.body', { epochs, accuracy });
  const shown = app.navigation.page === 'train' && app.navigation.run === id;
  app.news.tell({ title, body, command: `run.${id}` }, !shown);
}
