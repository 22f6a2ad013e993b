import { toast } from 'svelte-sonner';
import type { Failure } from '#contract/failures.ts';
import { toFailure } from '#contract/failures.ts';
import type { Strings } from './strings.svelte.ts';

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
    toast(text, { duration: 12_000, action: { label, onClick: act } });
  }

  /** Something was done that can be taken back. */
  undoable(text: string, undo: () => void): void {
    toast(text, { duration: 8000, action: { label: this.#strings.t('app.undo'), onClick: undo } });
  }

  /** Says any failure in a sentence; a call the person cancelled needs none. */
  readonly failure = (thrown: unknown): void => {
    const failure: Failure = toFailure(thrown);
    if (failure.code === 'call/cancelled') return;
    toast.error(this.#strings.failure(failure), { duration: 12_000 });
  };
}
