import type { ProjectSummary } from '#contract/project.ts';
import { menuCommands } from '#contract/commands.ts';
import { spellKeys, type Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';

interface Item {
  /** Makes it an action too: for the palette, its keys and the native menu. */
  readonly id?: string;
  readonly label: string;
  /** As `Action.keys`. */
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly run: () => void;
}

/** The project menu. Hosts without file dialogs offer what works without. */
export function projectItems(app: App, onproject: (project: ProjectSummary) => void): (Item | 'line')[] {
  const { t, link } = app;

  async function entered(project: ProjectSummary) {
    onproject(project);
    const known = app.preferences.values.recentProjects.filter((folder) => folder !== project.folder);
    await app.preferences.set({ recentProjects: [project.folder, ...known].slice(0, 10) });
    await app.refresh();
  }

  const open = (folder: string) => void app.attempt(async () => entered(await link.engine.project.open({ folder })));

  async function pickFolder() {
    const [folder] = await link.host.pick({ kind: 'folder', title: t('app.project.open') });
    if (folder) open(folder);
  }

  async function archive() {
    const [file] = await link.host.pick({
      kind: 'save',
      title: t('app.project.archive'),
      name: 'project.heatlens.zip',
    });
    if (!file) return;
    const done = await app.attempt(() => link.engine.project.archive({ file }));
    if (done) app.toasts.tell(t('app.project.archived', { file: done.file }));
  }

  async function unpack() {
    const [file] = await link.host.pick({ kind: 'files', title: t('app.project.unpack') });
    if (!file) return;
    const [folder] = await link.host.pick({ kind: 'folder', title: t('app.project.unpackInto') });
    if (folder) await app.attempt(async () => entered(await link.engine.project.unpack({ file, folder })));
  }

  const can = app.link.abilities.pick;
  const items: (Item | 'line')[] = [
    {
      id: menuCommands.openProject,
      label: t('app.project.open'),
      keys: 'Mod+Shift+O',
      disabled: !can,
      run: () => void app.attempt(pickFolder),
    },
    {
      id: menuCommands.exportProject,
      label: t('app.project.archive'),
      disabled: !can,
      run: () => void app.attempt(archive),
    },
    { label: t('app.project.unpack'), disabled: !can, run: () => void app.attempt(unpack) },
  ];
  const recent = app.preferences.values.recentProjects.slice(0, 6);
  if (recent.length > 0) items.push('line');
  for (const folder of recent) items.push({ label: folder.split(/[\\/]/).pop() ?? folder, run: () => open(folder) });
  return items;
}

/** The same for a menu, with keys as they stand on this keyboard. */
export function spelled(items: readonly (Item | 'line')[]): (Item | 'line')[] {
  return items.map((item) => (item === 'line' || !item.keys ? item : { ...item, keys: spellKeys(item.keys) }));
}

/** What the project menu offers, as actions. */
export function projectActions(items: readonly (Item | 'line')[]): Action[] {
  return items.flatMap((item) => {
    if (item === 'line' || !item.id) return [];
    const { id, label, keys, disabled = false, run } = item;
    return [{ id, title: label, ...(keys !== undefined && { keys }), group: 'do' as const, enabled: !disabled, run }];
  });
}
