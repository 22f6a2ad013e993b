import { toast } from 'svelte-sonner';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Strings } from '#state/strings.svelte.ts';
import { Toasts } from '#state/toasts.ts';

const strings = { t: (key: string) => key, failure: ({ message }: Error) => message } as unknown as Strings;
const dismiss = vi.spyOn(toast, 'dismiss');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  dismiss.mockClear();
});

test.each([
  ['an offer', (toasts: Toasts) => toasts.offer('one', 'do', () => undefined), 36],
  ['what can be undone', (toasts: Toasts) => toasts.undoable('two', () => undefined), 24],
  ['a failure', (toasts: Toasts) => toasts.failure(new Error('three')), 36],
])('%s leaves after a while, even where a pointer lies on it', (_, show, seconds) => {
  show(new Toasts(strings));
  vi.advanceTimersByTime(seconds * 1000 - 1);
  expect(dismiss).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(dismiss).toHaveBeenCalledExactlyOnceWith(expect.anything());
});
