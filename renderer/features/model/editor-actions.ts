import type { Action } from '#state/actions.svelte.ts';
import type { NetworkEditor } from '#state/network-editor.svelte.ts';

/** What can be done with the network in hand, from keys and the palette. */
export function editorActions(
  editor: NetworkEditor | null,
  t: (key: string) => string,
  /** Opens the menu of layers. */
  add: () => void,
): Action[] {
  if (!editor) return [];
  const act = (id: string, word: string, run: () => void, more: Partial<Action> = {}): Action => ({
    ...{ id, title: t(`model.edit.${word}`), group: 'do', run },
    ...more,
  });
  const name = editor.selected?.name;
  return [
    act('model.add', 'add', add),
    act('edit.undo', 'undo', () => editor.undo(), { enabled: editor.canUndo }),
    act('edit.redo', 'redo', () => editor.redo(), { enabled: editor.canRedo }),
    ...(name === undefined
      ? []
      : [
          act('model.up', 'up', () => editor.move(name, -1)),
          act('model.down', 'down', () => editor.move(name, 1)),
          act('model.double', 'double', () => editor.double(name)),
          act('model.remove', 'remove', () => editor.remove(name)),
        ]),
  ];
}
