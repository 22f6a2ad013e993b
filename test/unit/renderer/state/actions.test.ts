import { afterAll, expect, test, vi } from 'vitest';

vi.stubGlobal('navigator', { platform: 'Linux' });
const { Actions } = await import('#state/actions.svelte.ts');

/** An element that is what the selectors of one kind of control find. */
class Focused {
  readonly #input: string | null;

  constructor(input: string | null) {
    this.#input = input;
  }

  matches(selector: string): boolean {
    const controls = ['range', 'checkbox', 'radio'];
    if (this.#input === null) return false;
    return selector.startsWith(':is(') === controls.includes(this.#input);
  }

  closest(): null {
    return null;
  }
}

vi.stubGlobal('HTMLElement', Focused);
afterAll(() => vi.unstubAllGlobals());

test.each<{ input: string | null; key: string; done: boolean }>([
  { input: null, key: 'i', done: true },
  { input: 'text', key: 'i', done: false },
  { input: 'number', key: '.', done: false },
  { input: 'range', key: 'i', done: true },
  { input: 'checkbox', key: '.', done: true },
  { input: 'radio', key: 'i', done: true },
  // These are the control's own.
  { input: 'range', key: 'Home', done: false },
  { input: 'checkbox', key: ' ', done: false },
  { input: 'radio', key: 'ArrowLeft', done: false },
])('with the focus in $input, $key does something: $done', ({ input, key, done }) => {
  const actions = new Actions(() => 'film');
  let did = false;
  const run = () => void (did = true);
  const ids = { i: 'film.begin', '.': 'film.next', Home: 'film.player.first', ' ': 'film.player.play' };
  const id = ids[key as keyof typeof ids] ?? 'film.player.back';
  actions.offer(() => [{ id, title: id, group: 'do', run }]);
  const event = { key, target: new Focused(input), ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  expect(actions.press({ ...event, defaultPrevented: false } as unknown as KeyboardEvent)).toBe(done);
  expect(did).toBe(done);
});
