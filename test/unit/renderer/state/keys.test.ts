import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keysOf, keyTable, type KeyEntry } from '#state/keys.ts';
import { sourceFiles } from '#test/support/source-files.ts';

const renderer = join(import.meta.dirname, '../../../../renderer');
const files = sourceFiles(renderer, '.ts', '.svelte');
const sourceOf = (name: string) => readFileSync(join(renderer, name), 'utf8');
const entries = Object.values(keyTable).flat();
const sources = ['state/keys.ts', 'state/film-keys.ts'];

test('keys of actions are said nowhere else', () => {
  const strays = files.filter((name) => !sources.includes(name) && /\bkeys: ['"`](?!\$)/.test(sourceOf(name)));
  expect(strays).toEqual([]);
});

test('every action of the table is offered somewhere', () => {
  const text = files
    .filter((name) => !sources.includes(name))
    .map(sourceOf)
    .join('\n');
  const commands = readFileSync(join(renderer, '../preload/contract/commands.ts'), 'utf8');
  const offered = (id: string) =>
    text.includes(`'${id}'`) ||
    text.includes(`of('${id.replace('film.', '')}'`) ||
    commands.includes(`'${id}'`) ||
    /^(go|film\.player)\./.test(id);
  expect(entries.flatMap(({ id }) => (id === undefined || offered(id) ? [] : [id]))).toEqual([]);
});

/** Keys by name as a handler spells them. */
const spelled =
  /'(Arrow(?:Left|Right|Up|Down)|Home|End|PageUp|PageDown|Enter|Escape|Delete|Backspace| )'|\b(Arrow(?:Left|Right|Up|Down)|Home|End|PageUp|PageDown|Enter|Delete|Backspace):/g;
/** Written where no part of the page hears keys: how they are spelled, matched, or passed on. */
const noParts = ['state/actions.svelte.ts', 'state/film-player-keys.ts', ...sources];

test('every key that a part listens to is in the table, under its name', () => {
  const listening = files.filter(
    (name) =>
      !noParts.includes(name) &&
      !name.startsWith('features/help/') &&
      /onkeydown|event\.key\b|\bkey ===/.test(sourceOf(name)),
  );
  const missing = listening.flatMap((name) => {
    const listed = entries.filter(({ in: parts }) => parts?.includes(name));
    const known = new Set(listed.flatMap(({ keys }) => keys).map((keys) => keys.split('+').pop() || keys));
    const heard = [...sourceOf(name).matchAll(spelled)].map((found) => found[1] ?? found[2] ?? '');
    return [...new Set(heard)].filter((key) => !known.has(key)).map((key) => `${name}: ${key}`);
  });
  expect(listening.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});

test('parts that are named are there', () => {
  const named = [...new Set(entries.flatMap((entry) => entry.in ?? []))];
  expect(named.filter((name) => !files.includes(name))).toEqual([]);
});

test.each(Object.entries(keyTable))('on %s no two actions have the same keys', (place, here) => {
  // A drawing pad and a list of photos are never shown together, nor a film that is cut and one that is played.
  const apart = new Set(['look.clear', 'film.previous', 'film.next', 'film.begin', 'film.end']);
  const keysIn = (some: readonly KeyEntry[]) =>
    some.filter(({ id }) => id !== undefined && !apart.has(id)).map(({ keys }) => keys[0]);
  const own = keysIn(here);
  expect(own).toEqual([...new Set(own)]);
  // A page may take keys from everywhere for something of its own of the same kind: saving.
  const taken = place === 'everywhere' ? [] : own.filter((keys) => keysIn(keyTable.everywhere).includes(keys));
  expect(taken).toEqual(place === 'data' ? ['Mod+Shift+E'] : []);
});

test('keys of a page come before those from everywhere', () => {
  expect(keysOf('model.export', 'look')).toBe('Mod+Shift+E');
  expect(keysOf('model.export', 'data')).toBeUndefined();
  expect(keysOf('data.saveDistribution', 'data')).toBe('Mod+Shift+E');
  expect(keysOf('edit.undo', 'model')).toBe('Mod+Z');
  expect(keysOf('edit.undo', 'train')).toBeUndefined();
  expect(keysOf('go.film', 'help')).toBe('Mod+6');
});

test('native menus name the same keys', () => {
  const menu = readFileSync(join(renderer, '../main/shell/menu.ts'), 'utf8');
  const commands = readFileSync(join(renderer, '../preload/contract/commands.ts'), 'utf8');
  const items = [...menu.matchAll(/menuCommands\.(\w+), '([^']+)'/g)];
  expect(items.length).toBeGreaterThan(7);
  for (const [, name = '', accelerator = ''] of items) {
    const id = new RegExp(`\\b${name}: '([^']+)'`).exec(commands)?.[1];
    const entry = entries.find((each) => each.id === id);
    expect({ id, keys: entry?.keys[0] }).toEqual({ id, keys: accelerator.replace('CmdOrCtrl', 'Mod') });
  }
});

test('no line of the list of keys stands there twice', () => {
  for (const [place, here] of Object.entries(keyTable)) {
    const lines = here.map(({ word, keys }) => `${place} ${word} ${keys[0]}`);
    expect(lines).toEqual([...new Set(lines)]);
    expect(here.filter(({ keys }) => new Set(keys).size < keys.length)).toEqual([]);
  }
});
