import type { DataSetSummary, SplitStatistics } from '#contract/data.ts';
import type { Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';
import { csv } from '#contract/csv.ts';
import { download } from '#ui/chart-save.ts';
import { redo, undo } from './changes.ts';
import { classShares, shareRows } from './class-shares.ts';
import type { SetDialog } from './set-dialog.ts';

interface Page {
  readonly statistics: readonly SplitStatistics[] | null;
  readonly remove: (set: DataSetSummary) => void;
  readonly open: (dialog: SetDialog) => void;
  readonly openFamous: () => void;
}

/** What can be done while the data page is shown. */
export function dataActions(app: App, set: DataSetSummary | undefined, page: Page): Action[] {
  const { t, navigation } = app;
  const actions: Action[] = [
    { id: 'data.train', title: t('data.train'), group: 'do', run: () => navigation.go('train') },
    { id: 'data.famous', title: t('data.famous.open'), group: 'do', run: page.openFamous },
  ];
  if (!set) return actions;
  const dialogs = [
    ['rename', t('data.renameSet.open')],
    ['classes', t('data.classEdit.open')],
    ['splits', t('data.splitting.again')],
    ['duplicates', t('data.duplicates.look')],
    ['export', t('data.export.open')],
  ] as const;
  return [
    ...actions,
    {
      id: 'data.undo',
      title: t('app.undo'),
      group: 'do',
      enabled: (set.edits ?? 0) > 0,
      run: () => undo(app, set.id),
    },
    {
      id: 'data.redo',
      title: t('app.redo'),
      group: 'do',
      enabled: (set.undone ?? 0) > 0,
      run: () => redo(app, set.id),
    },
    {
      id: 'data.saveDistribution',
      title: t('data.saveDistribution'),
      group: 'do',
      enabled: page.statistics !== null,
      run: () => save(set, page.statistics ?? []),
    },
    ...dialogs.map(([dialog, title]): Action => ({
      id: `data.${dialog}`,
      title,
      group: 'do',
      run: () => page.open(dialog),
    })),
    {
      id: 'data.remove',
      title: t('data.remove', { name: set.name }),
      group: 'do',
      enabled: set.id !== 'mnist',
      run: () => page.remove(set),
    },
  ];
}

function save(set: DataSetSummary, statistics: readonly SplitStatistics[]): void {
  const text = csv(shareRows(classShares(set.classes, statistics)));
  download(`${set.name} classes.csv`, new Blob([text], { type: 'text/csv' }));
}
