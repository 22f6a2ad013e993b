import type { Port } from '#contract/port.ts';

export interface TakeOptions {
  /** Share of the bytes that have gone, 0…1. */
  readonly progress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** A file or folder that the browser could not read; the others are taken. */
  readonly missed?: (path: string) => void;
}

/** How this page reaches its host and engine. */
export interface Transport {
  connect(to: 'engine' | 'host'): Port;
  /** Paths under which the engine finds these files. Fails: `file/unreadable`, `file/too-large`, `call/cancelled`. */
  take(files: readonly File[], options: TakeOptions): Promise<string[]>;
  /**
   * The same of what was dropped, folders as well. Call it while the drop is handled: afterwards its items are gone.
   */
  takeDropped(dropped: DataTransfer, options: TakeOptions): Promise<string[]>;
}
