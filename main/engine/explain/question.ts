import type { ExplainMethod, ExplainOptions } from '#contract/explain.ts';
import type { Graphs } from './graphs.ts';
import type { NetworkParts } from './network-parts.ts';

/** What is asked about pictures. */
export interface Question {
  readonly method: ExplainMethod;
  /** Absent = chosen by itself. */
  readonly layer?: string | undefined;
  readonly options?: ExplainOptions;
}

/** Where a long method looks whether it is still wanted, and says how far it is. */
export interface Watching {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: (done: number, total: number) => void;
}

/** Logits of pictures: [count, class] of bytes [count, height, width, channel]. */
export type Logits = (pixels: Uint8Array, count: number) => Float32Array;

/** What the methods take of the network that they explain. */
export interface Subject {
  readonly parts: NetworkParts;
  readonly graphs: Graphs;
  readonly logits: Logits;
}

/** A picture as the methods get it. */
export interface Asked {
  /** [height, width, channel] */
  readonly pixels: Uint8Array;
  readonly class: number;
  readonly options: ExplainOptions;
  readonly watching: Watching;
}
