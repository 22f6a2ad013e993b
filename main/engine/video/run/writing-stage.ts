import type { FrameWriter, OpenWriter, Picture } from '../stages.ts';
import { Composer } from './composer.ts';
import { barStamp, Labels } from './label.ts';
import type { HeatedFrame, WriteEnd, WritingParts } from './thread-words.ts';

/** Milliseconds between two pictures that are shown, and between two counts that are told. */
const showEvery = 300;
const tellEvery = 50;

export interface WritingNews {
  /** Frames the encoder has taken. */
  written(count: number, picture?: Picture): void;
  /** Its slot is free again. */
  freed(slot: number): void;
}

/** The writing thread's work: frames composed and handed to the encoder, one composed while the one before is taken. */
export class WritingStage {
  readonly #parts: WritingParts;
  readonly #news: WritingNews;
  readonly #composer: Composer;
  readonly #labels: Labels | null;
  readonly #writer: FrameWriter;
  readonly #buffers: readonly [Uint8Array, Uint8Array];
  #taken: Promise<void> = Promise.resolve();
  #count = 0;
  #shown = -Infinity;
  #told = -Infinity;
  #compose = 0;
  #encode = 0;

  /** Fails: as `OpenWriter`. */
  static async open(parts: WritingParts, openWriter: OpenWriter, news: WritingNews, signal: AbortSignal) {
    const { view, look } = parts;
    const bar = look.bar ? await barStamp(view, look.colours) : undefined;
    const writer = await openWriter(parts.writing, signal);
    return new WritingStage(parts, new Composer({ ...parts, bar }), writer, news);
  }

  private constructor(parts: WritingParts, composer: Composer, writer: FrameWriter, news: WritingNews) {
    this.#parts = parts;
    this.#composer = composer;
    this.#writer = writer;
    this.#news = news;
    this.#labels = parts.look.labels ? new Labels(parts.view) : null;
    const { width, height } = composer.size;
    this.#buffers = [new Uint8Array(width * height * 3), new Uint8Array(width * height * 3)];
  }

  async write({ slot, seconds, map, label }: HeatedFrame): Promise<void> {
    const { frames, view } = this.#parts;
    const bytes = view.width * view.height * 3;
    const words = await this.#labels?.of(label.name, label.probability);
    const into = this.#buffers[this.#count % 2 === 0 ? 0 : 1];
    const started = performance.now();
    this.#composer.compose(new Uint8Array(frames, slot * bytes, bytes), map, into, words);
    this.#compose += performance.now() - started;
    this.#news.freed(slot);
    await this.#taken;
    const given = performance.now();
    this.#taken = this.#writer.write(into, seconds).finally(() => (this.#encode += performance.now() - given));
    this.#taken.catch(() => undefined); // thrown at the next frame, or at the end
    this.#count++;
    this.#tell(into);
  }

  /** Fails: as `FrameWriter`. */
  async finish(): Promise<WriteEnd> {
    await this.#taken;
    this.#news.written(this.#count);
    const started = performance.now();
    const { frames, audio } = await this.#writer.finish();
    this.#encode += performance.now() - started;
    return { frames, audio, compose: this.#compose / 1000, encode: this.#encode / 1000 };
  }

  #tell(pixels: Uint8Array): void {
    const now = performance.now();
    if (now - this.#shown >= showEvery) {
      this.#shown = now;
      this.#news.written(this.#count, { size: this.#composer.size, pixels: pixels.slice() });
    } else if (now - this.#told < tellEvery) return;
    else this.#news.written(this.#count);
    this.#told = now;
  }
}
