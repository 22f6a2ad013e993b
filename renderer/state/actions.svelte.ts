import { SvelteMap } from 'svelte/reactivity';

/** Something a person can do, from the palette, a key or a menu. */
export interface Action {
  /** Also the menu's command name, e.g. `train.start`. */
  readonly id: string;
  readonly title: string;
  /** Extra words to find it by. */
  readonly words?: string;
  /** Keys as `Mod+K`, `Mod+Enter`, `?`: Mod is ⌘ on a Mac, else Ctrl. */
  readonly keys?: string;
  readonly group: 'go' | 'do' | 'dataset' | 'run' | 'preset';
  readonly run: () => void;
  /** False: shown nowhere and its key does nothing. */
  readonly enabled?: boolean;
  /** Whether what has the focus needs the keys for itself. */
  readonly kept?: (event: KeyboardEvent) => boolean;
}

/** All that can be done now. Each page offers its own while it is shown. */
export class Actions {
  #offers = new SvelteMap<symbol, () => readonly Action[]>();

  readonly all = $derived([...this.#offers.values()].flatMap((offer) => offer()).filter((a) => a.enabled !== false));

  /** Returns the function that takes the offer back; `offer` may read state. */
  offer(offer: () => readonly Action[]): () => void {
    const key = Symbol();
    this.#offers.set(key, offer);
    return () => this.#offers.delete(key);
  }

  /** Runs the action with this id, if it can be done now. */
  do(id: string): boolean {
    const action = this.all.find((a) => a.id === id);
    action?.run();
    return action !== undefined;
  }

  /** Runs the action whose keys were pressed. True: the event was used. */
  press(event: KeyboardEvent): boolean {
    const typing =
      event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]');
    const action = this.all.find((a) => a.keys !== undefined && matches(a.keys, event) && !a.kept?.(event));
    // Text that is being typed has keys of its own, and its own undo.
    if (!action || (typing && (!action.keys?.includes('Mod+') || action.keys.endsWith('+Z')))) return false;
    action.run();
    return true;
  }
}

export const onMac = /mac/i.test(navigator.platform);

function matches(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split('+');
  const key = parts.pop() ?? '';
  const mod = onMac ? event.metaKey : event.ctrlKey;
  const shiftMatters = key.length > 1 || /[a-z]/i.test(key);
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    mod === parts.includes('Mod') &&
    event.altKey === parts.includes('Alt') &&
    (!shiftMatters || event.shiftKey === parts.includes('Shift'))
  );
}

const signs = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', ' ': '␣' };

/** `Mod+Shift+E` as it stands on this keyboard: `⌘⇧E`, `Ctrl+Shift+E`. */
export function spellKeys(keys: string): string {
  const names: Record<string, string> = onMac
    ? { ...signs, Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵', Escape: 'esc', Delete: '⌫' }
    : { ...signs, Mod: 'Ctrl', Enter: '↵', Escape: 'Esc', Delete: 'Del' };
  const parts = keys.split('+').map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(onMac ? '' : '+');
}
