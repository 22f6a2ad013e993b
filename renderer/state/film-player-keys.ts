import type { Action } from './actions.svelte.ts';
import { playerKeys } from './film-keys.ts';
import type { FilmPlayer } from './film-player.svelte.ts';
import type { Strings } from './strings.svelte.ts';

export { playerKeys };
export type PlayerAct = keyof typeof playerKeys;

const acts = Object.keys(playerKeys) as PlayerAct[];

/** What has the focus, by the keys that it needs for itself. */
export type Focus = 'text' | 'range' | 'choice' | 'chosen' | 'button' | 'list' | 'free';

const focused: readonly (readonly [Focus, string])[] = [
  ['text', 'select, textarea, [contenteditable], [role="menu"] *, [role="dialog"] *, [role="dialog"]'],
  ['range', 'input[type="range"], [data-arrows]'],
  ['choice', 'input[type="checkbox"], input[type="radio"]'],
  ['text', 'input'],
  // A row that is chosen already: nothing is left for Space to do there but to play.
  ['chosen', '[data-row][aria-current="true"]'],
  ['button', 'button, a[href], summary, [role="button"]'],
  ['list', '[role="listbox"], [role="listbox"] *, [role="grid"], [role="separator"]'],
];

export function focusOf(target: { matches(selector: string): boolean } | null): Focus {
  return focused.find(([, selector]) => target?.matches(selector))?.[0] ?? 'free';
}

/** Whether what has the focus keeps a key for itself. */
export function keeps(focus: Focus, key: string): boolean {
  const arrow = key.startsWith('Arrow') || key === 'Home' || key === 'End';
  if (focus === 'text') return true;
  if (focus === 'range' || focus === 'list') return arrow;
  if (focus === 'chosen') return key === 'Enter' || key === 'ArrowUp' || key === 'ArrowDown';
  if (focus === 'choice') return arrow || key === ' ';
  return focus === 'button' && (key === ' ' || key === 'Enter');
}

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** What a key means to the player; null = nothing. */
export function actOf({ key, shiftKey, altKey, ctrlKey, metaKey }: Pressed): PlayerAct | null {
  if (altKey || ctrlKey || metaKey) return null;
  const found = acts.find((act) => playerKeys[act].toLowerCase() === key.toLowerCase());
  // With Shift, words are keys of another kind, and arrows move what is read.
  return found === undefined || (shiftKey && (key.length > 1 || /[a-z]/i.test(key))) ? null : found;
}

export function perform(player: FilmPlayer, act: PlayerAct): void {
  const doings: Record<PlayerAct, () => void> = {
    play: () => player.toggle(),
    previous: () => player.step(-1),
    next: () => player.step(1),
    back: () => player.skip(-1),
    forward: () => player.skip(1),
    first: () => player.go(0),
    last: () => player.go(player.count - 1),
    changeBefore: () => player.change(-1),
    changeAfter: () => player.change(1),
    from: () => player.mark('from'),
    to: () => player.mark('to'),
    loop: () => (player.loop = !player.loop),
    sound: () => (player.muted = !player.muted),
    slower: () => player.hurry(-1),
    faster: () => player.hurry(1),
  };
  doings[act]();
}

/** For the palette, the list of keys, and keys pressed outside the player while it is on the page. */
export function playerActions(player: FilmPlayer, t: Strings['t']): Action[] {
  return acts.map((act) => ({
    id: `film.player.${act}`,
    title: t(`film.player.keys.${act}`),
    keys: playerKeys[act],
    group: 'do',
    enabled: player.count > 0,
    kept: ({ target, key }) => keeps(focusOf(target instanceof Element ? target : null), key),
    run: () => perform(player, act),
  }));
}
