import type { DataSetSummary, SplitStatistics } from '#contract/data.ts';
import type { Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';
import { csv, download } from '#ui/chart-save.ts';
import { classShares, shareRows } from './class-shares.ts';

/** What can be done while the data page is shown. */
export function dataActions(
  app: App,
  set: DataSetSummary | undefined,
  statistics: readonly SplitStatistics[] | null,
  remove: (set: DataSetSummary) => void,
): Action[] {
  const { t, navigation } = app;
  const actions: Action[] = [
    { id: 'data.train', title: t('data.train'), group: 'do', run: () => navigation.go('train') },
  ];
  if (!set) return actions;
  actions.push({
    id: 'data.saveDistribution',
    title: t('data.saveDistribution'),
    keys: 'Mod+Shift+E',
    group: 'do',
    enabled: statistics !== null,
    run: () => save(set, statistics ?? []),
  });
  if (set.kind === 'idx') {
    actions.push({
      id: 'data.remove',
      title: t('data.remove', { name: set.name }),
      group: 'do',
      run: () => remove(set),
    });
  }
  return actions;
}

function save(set: DataSetSummary, statistics: readonly SplitStatistics[]): void {
  const text = csv(shareRows(classShares(set.classes, statistics)));
  download(`${set.name} classes.csv`, new Blob([text], { type: 'text/csv' }));
}
