import { describe, expect, test } from 'vitest';
import { actOf, focusOf, keeps, playerKeys } from '#state/film-player-keys.ts';

const pressed = (key: string, held: Partial<KeyboardEvent> = {}) =>
  actOf({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held });

describe('what a key means', () => {
  test.each(Object.entries(playerKeys))('%s is %j', (act, key) => expect(pressed(key)).toBe(act));

  test('capitals of a locked keyboard mean the same', () => expect(pressed('l')).toBe('loop'));

  test('signs that need Shift on some keyboards are heard with it', () => {
    expect(pressed('<', { shiftKey: true })).toBe('slower');
    expect(pressed('[', { shiftKey: true })).toBe('changeBefore');
  });

  test.each([
    ['ArrowLeft', { shiftKey: true }],
    ['L', { shiftKey: true }],
    ['ArrowLeft', { altKey: true }],
    [' ', { ctrlKey: true }],
    ['m', { metaKey: true }],
    ['q', {}],
  ])('%s with %j is somebody else’s', (key, held) => expect(pressed(key, held)).toBeNull());
});

describe('keys that belong to what has the focus', () => {
  test.each([
    ['text', [' ', ',', 'ArrowLeft', 'm']],
    ['range', ['ArrowLeft', 'Home']],
    ['list', ['ArrowUp', 'End']],
    ['choice', [' ', 'ArrowDown']],
    ['button', [' ']],
    ['chosen', ['Enter', 'ArrowDown']],
  ] as const)('%s keeps %j', (focus, keys) => expect(keys.filter((key) => !keeps(focus, key))).toEqual([]));

  test.each([
    ['range', [' ', ',', '.', 'm']],
    ['list', [',', ' ']],
    ['choice', [',', 'm']],
    ['button', ['ArrowLeft', ',', 'Home']],
    ['chosen', [' ', 'ArrowLeft', ',', 'End']],
    ['free', [' ', 'ArrowLeft', ',', 'm']],
  ] as const)('%s leaves %j', (focus, keys) => expect(keys.filter((key) => keeps(focus, key))).toEqual([]));

  const element = (kind: string) => ({ matches: (selector: string) => selector.split(', ').includes(kind) });

  test.each([
    ['[data-row][aria-current="true"]', 'chosen'],
    ['textarea', 'text'],
    ['input', 'text'],
    ['[role="menu"] *', 'text'],
    ['input[type="range"]', 'range'],
    ['input[type="radio"]', 'choice'],
    ['button', 'button'],
    ['[role="listbox"]', 'list'],
    ['canvas', 'free'],
  ])('%s counts as %s', (kind, focus) => expect(focusOf(element(kind))).toBe(focus));

  test('nothing in focus leaves all keys', () => expect(focusOf(null)).toBe('free'));
});
