import { menuCommands } from '#contract/commands.ts';
import { spellKeys, type Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';
import { keysOf } from '#state/keys.ts';
import { chooseArchive, chooseProject, openRecent, saveArchive } from '#state/open-project.ts';
import { lastPart } from '#state/last-part.ts';

interface Item {
  /** Makes it an action too: for the palette, its keys and the native menu. */
  readonly id: string;
  readonly label: string;
  /** More to find it by. */
  readonly words?: string;
  readonly disabled?: boolean;
  readonly run: () => void;
}

/** How many other projects the menu offers. */
const shown = 8;

/** The project menu. Hosts without file dialogs offer what works without. */
export function projectItems(app: App): (Item | 'line')[] {
  const { t, projects, link } = app;
  const disabled = !link.abilities.pick;
  const others = projects.others.slice(0, shown).map((folder): Item => ({
    id: `project.recent.${folder}`,
    label: lastPart(folder),
    words: `${t('app.project.recent')} ${folder}`,
    run: () => void openRecent(app, folder),
  }));
  const forget: Item = {
    id: menuCommands.forgetProjects,
    label: t('app.project.forget'),
    run: () => void projects.forget(),
  };
  return [
    {
      ...{ id: menuCommands.openProject, label: t('app.project.open'), disabled },
      run: () => void chooseProject(app),
    },
    {
      ...{ id: menuCommands.exportProject, label: t('app.project.archive'), disabled },
      run: () => void saveArchive(app),
    },
    {
      ...{ id: menuCommands.unpackProject, label: t('app.project.unpack'), disabled },
      run: () => void chooseArchive(app),
    },
    ...(others.length > 0 ? ['line' as const, ...others, forget] : []),
  ];
}

/** The same for the menu, with keys as they stand on this keyboard. */
export function menuItems(items: readonly (Item | 'line')[]) {
  return items.map((item) => {
    const keys = item === 'line' ? undefined : keysOf(item.id, 'everywhere');
    return item === 'line' || keys === undefined ? item : { ...item, keys: spellKeys(keys) };
  });
}

/** The same as actions. */
export function projectActions(items: readonly (Item | 'line')[]): Action[] {
  return items.flatMap((item) => {
    if (item === 'line') return [];
    const { id, label, words, disabled = false, run } = item;
    return [{ id, title: label, ...(words !== undefined && { words }), group: 'do' as const, enabled: !disabled, run }];
  });
}
