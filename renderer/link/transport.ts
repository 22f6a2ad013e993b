import type { Port } from '#contract/port.ts';

export interface TakeOptions {
  /** Share of the bytes that have gone, 0…1. */
  readonly progress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** How this page reaches its host and engine. */
export interface Transport {
  connect(to: 'engine' | 'host'): Port;
  /** Paths under which the engine finds these files. Fails: `file/unreadable`, `file/too-large`, `call/cancelled`. */
  take(files: readonly File[], options: TakeOptions): Promise<string[]>;
}
