import { toast } from 'svelte-sonner';
import type { Failure } from '#contract/failures.ts';
import { toFailure } from '#contract/failures.ts';
import type { Strings } from './strings.svelte.ts';

/** A pointer that lies on one holds it, which may be read again, but not for ever: it may lie there by chance. */
const held = 3;

/** Short news at the window's edge: only for what finished elsewhere, what failed, and for undo. */
export class Toasts {
  #strings: Strings;

  constructor(strings: Strings) {
    this.#strings = strings;
  }

  tell(text: string): void {
    toast(text);
  }

  /** News with one thing to do about it. */
  offer(text: string, label: string, act: () => void): void {
    this.#show(12_000, (duration) => toast(text, { duration, action: { label, onClick: act } }));
  }

  /** Something was done that can be taken back. */
  undoable(text: string, undo: () => void): void {
    const label = this.#strings.t('app.undo');
    this.#show(8000, (duration) => toast(text, { duration, action: { label, onClick: undo } }));
  }

  /** Says any failure in a sentence; a call the person cancelled needs none. */
  readonly failure = (thrown: unknown): void => {
    const failure: Failure = toFailure(thrown);
    if (failure.code === 'call/cancelled') return;
    this.#show(12_000, (duration) => toast.error(this.#strings.failure(failure), { duration }));
  };

  #show(duration: number, show: (duration: number) => string | number): void {
    const id = show(duration);
    setTimeout(() => toast.dismiss(id), held * duration);
  }
}
