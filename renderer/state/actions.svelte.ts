import { SvelteMap } from 'svelte/reactivity';
import { keysOf } from './keys.ts';

/** Something a person can do, from the palette, a key or a menu. */
export interface Action {
  /** Also the menu's command name, e.g. `train.start`. */
  readonly id: string;
  readonly title: string;
  /** Extra words to find it by. */
  readonly words?: string;
  /** As `Mod+K`, `Mod+Enter`, `?`; filled in from `keys.ts`. */
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
  #page: () => string;

  readonly all: readonly Action[] = $derived(
    [...this.#offers.values()]
      .flatMap((offer) => offer())
      .filter(({ enabled }) => enabled !== false)
      .map((action) => withKeys(action, this.#page())),
  );

  /** @param page which is shown: keys are those of the page, then those from everywhere */
  constructor(page: () => string) {
    this.#page = page;
  }

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
    const target = event.target instanceof HTMLElement ? event.target : null;
    // A part that has used it, and what lies over the page, come first.
    if (event.defaultPrevented || target?.closest('[role="dialog"], [role="menu"]')) return false;
    const typing = target !== null && (target.matches(text) || (target.matches(control) && ownKeys.test(event.key)));
    const action = this.all.find((a) => a.keys !== undefined && matches(a.keys, event) && !a.kept?.(event));
    // Text that is being typed has keys of its own, and its own undo.
    if (!action || (typing && !passesText(action.keys ?? ''))) return false;
    action.run();
    return true;
  }
}

function withKeys(action: Action, page: string): Action {
  const { keys: _, ...rest } = action;
  const keys = keysOf(action.id, page);
  return keys === undefined ? rest : { ...rest, keys };
}

/** Sliders, switches and choices have a few keys for themselves; in text every key writes. */
const control = ':is(input[type="range"], input[type="checkbox"], input[type="radio"])';
const text = `input:not(${control}), textarea, select, [contenteditable]`;
const ownKeys = /^( |Enter|Home|End|PageUp|PageDown|Arrow(Up|Down|Left|Right))$/;

/** Keys that mean nothing in a field of text. */
const passesText = (keys: string) => (keys.includes('Mod+') && !keys.endsWith('+Z')) || /^(Shift\+)?F\d+$/.test(keys);

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

const signs = {
  ...{ ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Enter: '↵' },
  ...{ PageUp: 'PgUp', PageDown: 'PgDn', Plus: '+' },
};

/** `Mod+Shift+E` as it stands on this keyboard: `⌘⇧E`, `Ctrl+Shift+E`. @param space the word for that key */
export function spellKeys(keys: string, space = '␣'): string {
  const names: Record<string, string> = onMac
    ? { ...signs, Mod: '⌘', Shift: '⇧', Alt: '⌥', Escape: 'esc', Delete: '⌫', Backspace: '⌫' }
    : { ...signs, Mod: 'Ctrl', Escape: 'Esc', Delete: 'Del' };
  const spell = (part: string) => (part === ' ' || part === 'Space' ? space : (names[part] ?? capital(part)));
  return keys
    .split('+')
    .map(spell)
    .join(onMac ? '' : '+');
}

const capital = (key: string) => (key.length === 1 ? key.toUpperCase() : key);

/** An action's keys as they stand on this keyboard, for buttons and menus; empty where it has none. */
export function spelledKeys(id: string, page: string): string {
  return spellKeys(keysOf(id, page) ?? '');
}
