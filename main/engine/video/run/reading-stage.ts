import type { MessagePort } from 'node:worker_threads';
import { frameInput } from '#engine/predict/frame-input.ts';
import type { ReadFrames } from '../stages.ts';
import type { ReadEnd, ReadFrame, ReadingParts } from './thread-words.ts';

/** The reading thread's work: frames into free slots, and what the network is to get of them. Fails: as `ReadFrames`. */
export async function readInto(
  { reading, frames, slots, freed, form, every, answered }: ReadingParts,
  readFrames: ReadFrames,
  say: (frame: ReadFrame) => void,
  signal: AbortSignal,
): Promise<ReadEnd> {
  const { size } = reading;
  const bytes = size.width * size.height * 3;
  const free = new FreeSlots(slots, freed, signal);
  const source = readFrames(reading, signal);
  let decode = 0;
  let index = 0;
  for (;;) {
    const started = performance.now();
    const next = await source.next();
    decode += performance.now() - started;
    if (next.done) return { damaged: next.value.damaged, decode: decode / 1000 };
    const { seconds, pixels } = next.value;
    const slot = await free.take();
    const began = performance.now();
    if (frames) new Uint8Array(frames, slot * bytes, bytes).set(pixels);
    const wanted = index % every === 0 && index / every >= answered;
    const input = wanted ? await frameInput({ ...size, channels: 3, pixels }, form) : null;
    decode += performance.now() - began;
    say({ slot, index, seconds, input });
    index++;
  }
}

class FreeSlots {
  readonly #free: number[];
  readonly #signal: AbortSignal;
  #waiting: { resolve: (slot: number) => void; reject: (reason: unknown) => void } | null = null;

  constructor(count: number, freed: MessagePort, signal: AbortSignal) {
    this.#free = Array.from({ length: count }, (_, slot) => slot);
    this.#signal = signal;
    freed.on('message', (slots: readonly number[]) => slots.forEach((slot) => this.#give(slot)));
    signal.addEventListener('abort', () => this.#waiting?.reject(signal.reason));
  }

  take(): Promise<number> {
    this.#signal.throwIfAborted();
    const slot = this.#free.pop();
    if (slot !== undefined) return Promise.resolve(slot);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  #give(slot: number): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting.resolve(slot);
    else this.#free.push(slot);
  }
}
