import type { Augmentation } from '#contract/augmentation.ts';

/** Changes to the augmentation of the next run, with undo. */
export class AugmentationEdits {
  #past = $state.raw<readonly Augmentation[]>([]);
  #future = $state.raw<readonly Augmentation[]>([]);
  /** What the last change was about. */
  #about: string | undefined;
  #read: () => Augmentation;
  #write: (augmentation: Augmentation) => void;

  constructor(read: () => Augmentation, write: (augmentation: Augmentation) => void) {
    this.#read = read;
    this.#write = write;
  }

  get now(): Augmentation {
    return this.#read();
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** @param about one after the other of the same are one step back: a slider being pulled */
  set(change: Partial<Augmentation>, about?: string): void {
    if (about === undefined || about !== this.#about) this.#past = [...this.#past, this.now];
    this.#about = about;
    this.#future = [];
    this.#write({ ...this.now, ...change });
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#future = [...this.#future, this.now];
    this.#past = this.#past.slice(0, -1);
    this.#about = undefined;
    this.#write(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#past = [...this.#past, this.now];
    this.#future = this.#future.slice(0, -1);
    this.#about = undefined;
    this.#write(after);
  }
}
