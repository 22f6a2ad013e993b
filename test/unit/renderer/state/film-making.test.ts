import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultPreferences, type Preferences } from '#contract/host.ts';
import { FilmMaking } from '#state/film-making.svelte.ts';

const film = { id: 'f' };
const model = { ref: 'net' };

function fakePreferences(start: Preferences['film'] = {}) {
  let values: Preferences = { ...defaultPreferences, film: start };
  return {
    get values() {
      return values;
    },
    set: (change: Partial<Preferences>) => {
      values = { ...values, ...change };
      return Promise.resolve();
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is the same for all films is used at once and written down once it rests', () => {
  const preferences = fakePreferences();
  const making = new FilmMaking(preferences);
  making.setTaste({ opacity: 0.2 });
  making.setTaste({ opacity: 0.8 });
  expect(making.settingsOf(film, model).opacity).toBe(0.8);
  expect(preferences.values.film).toEqual({});
  vi.runAllTimers();
  expect(preferences.values.film).toEqual({ opacity: 0.8 });
  expect(making.usual).toBe(false);
});

test('what was remembered is how films are made; as usual forgets all but the model', () => {
  const preferences = fakePreferences({ model: 'other', layout: 'overlay' });
  const making = new FilmMaking(preferences);
  expect(making.settingsOf(film, model)).toMatchObject({ model: 'net', layout: 'overlay', smoothing: 0.6 });
  making.reset();
  vi.runAllTimers();
  expect([preferences.values.film, making.usual]).toEqual([{ model: 'other' }, true]);
});

test('a part, a class and a layer belong to one film; another model keeps the part alone', () => {
  const making = new FilmMaking(fakePreferences());
  making.setWishes('f', { class: 3, layer: 'conv', from: 1, to: 2 });
  expect(making.settingsOf(film, model)).toMatchObject({ class: 3, layer: 'conv', from: 1, to: 2 });
  expect(making.settingsOf({ id: 'g' }, model)).toMatchObject({ class: 'top' });
  making.setModel('second');
  expect(making.wishesOf('f')).toEqual({ from: 1, to: 2 });
  making.setWishes('f', { from: undefined, to: undefined });
  expect(making.wishesOf('f')).toEqual({});
});

test('a fixed value counts only where the scale is fixed', () => {
  const making = new FilmMaking(fakePreferences());
  making.setWishes('f', { maximum: 2.5 });
  expect(making.settingsOf(film, model).maximum).toBeUndefined();
  making.setTaste({ scale: 'fixed' });
  expect(making.settingsOf(film, model).maximum).toBe(2.5);
  expect(making.settingsOf({ id: 'g' }, model).maximum).toBe(1);
});

test('how another film was made is taken over as a whole', () => {
  const making = new FilmMaking(fakePreferences({ colours: 'jet' }));
  making.setWishes('f', { class: 7, from: 3 });
  const made = { ...making.settingsOf({ id: 'g' }, model), layout: 'heat' as const, to: 4 };
  making.take('f', made);
  expect(making.settingsOf(film, model)).toEqual(made);
});
