import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilmFrame, FilmSettings, Film } from '#contract/video.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { FrameSize } from '../stages.ts';

/** What the network says of a frame, without names. */
export interface Answer extends Pick<FilmFrame, 'class' | 'probability' | 'maximum'> {
  /** The five most probable, index and probability. */
  readonly top: readonly { readonly index: number; readonly probability: number }[];
  /** Divided by `maximum`, 0…1, row by row. */
  readonly values: Float32Array;
}

export interface Asked {
  readonly film: Pick<Film, 'path' | 'size' | 'facts'>;
  /** Milliseconds since 1970. */
  readonly changed: number;
  readonly settings: FilmSettings;
  /** Of the model, changes with its weights. */
  readonly revision: string;
  /** Of one view: the network sees frames at this size. */
  readonly view: FrameSize;
}

/** Bytes of answers that are kept besides those of the run at hand; the ones unused for longest go. */
const mostKept = 512 * 1024 * 1024;
const named = 'answers.bin';
const magic = 0x31414c48; // HLA1
const headBytes = 16;
const topCount = 5;

/** Changes when another answer could come out. */
export function questionKey({ film, changed, settings, revision, view }: Asked): string {
  const { model, method, layer, class: wanted, every, rate, from, to, ways } = settings;
  const question = { model, method, layer, wanted, every, rate, from, to, ways };
  const text = JSON.stringify([1, film.path, film.size, changed, revision, view, question]);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/**
 * Answers of one question in the order in which they were asked for, in a file of records of one length: whatever ended a
 * run, all but a torn last one are good. Head: magic, map height, map width, 1 when all frames were asked (uint32). Record: class (int32), probability,
 * maximum, five indices (int32, −1 = none), their probabilities, the map (float32); all little-endian.
 */
export class Answers {
  readonly #file: string;
  readonly #handle: FileHandle;
  #height = 0;
  #width = 0;
  #count = 0;
  #whole = false;

  private constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /** Fails: `file/not-writable`, `file/no-space`. */
  static async open(folder: string, asked: Asked): Promise<Answers> {
    const own = join(folder, questionKey(asked));
    const file = join(own, named);
    try {
      await mkdir(own, { recursive: true });
      await letGo(folder, own);
      const answers = new Answers(file, await open(file, constants.O_RDWR | constants.O_CREAT));
      await answers.#read();
      const now = new Date();
      await utimes(file, now, now);
      return answers;
    } catch (thrown) {
      throw fileFailure(thrown, file, 'writing');
    }
  }

  /** Good ones. */
  get count(): number {
    return this.#count;
  }

  /** Whether all frames of the film were asked. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Of the maps; 0 before the first. */
  get size(): { height: number; width: number } {
    return { height: this.#height, width: this.#width };
  }

  /** Some of them, from `first` on. */
  async read(first: number, count: number): Promise<Answer[]> {
    const bytes = Buffer.alloc(Math.min(count, this.#count - first) * this.#length);
    await this.#handle.read(bytes, 0, bytes.length, headBytes + first * this.#length);
    return Array.from({ length: bytes.length / this.#length }, (_, place) => {
      const words = new Float32Array(bytes.buffer, bytes.byteOffset + place * this.#length, this.#length / 4);
      return answerOf(words.slice());
    });
  }

  /** Fails: `file/no-space`, `file/not-writable`. */
  async append(answers: readonly Answer[], size: { height: number; width: number }): Promise<void> {
    if (this.#height === 0) {
      this.#height = size.height;
      this.#width = size.width;
      await this.#put(Uint32Array.of(magic, size.height, size.width, 0), 0);
    }
    const words = new Float32Array((answers.length * this.#length) / 4);
    answers.forEach((answer, place) => words.set(wordsOf(answer, this.#length / 4), (place * this.#length) / 4));
    await this.#put(words, headBytes + this.#count * this.#length);
    this.#count += answers.length;
  }

  /** All frames were asked. Fails: as `append`. */
  async end(): Promise<void> {
    if (this.#whole || this.#height === 0) return;
    await this.#put(Uint32Array.of(1), 12);
    this.#whole = true;
  }

  /** The largest maximum of all. */
  async largest(): Promise<number> {
    let most = 0;
    for (let first = 0; first < this.#count; first += 256) {
      for (const { maximum } of await this.read(first, 256)) most = Math.max(most, maximum);
    }
    return most;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  get #length(): number {
    return 4 * (3 + 2 * topCount + this.#height * this.#width);
  }

  async #put(words: Uint32Array | Float32Array, position: number): Promise<void> {
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    try {
      for (let from = 0; from < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, from, bytes.length - from, position + from);
        from += bytesWritten;
      }
    } catch (thrown) {
      throw fileFailure(thrown, this.#file, 'writing');
    }
  }

  /** Forgets a file that is none, and a torn last record. */
  async #read(): Promise<void> {
    const { size } = await this.#handle.stat();
    const head = new Uint32Array(4);
    if (size >= headBytes) await this.#handle.read(new Uint8Array(head.buffer), 0, headBytes, 0);
    const [sign, height = 0, width = 0, whole] = head;
    if (sign !== magic || height < 1 || width < 1 || height > 4096 || width > 4096) {
      return void (await this.#handle.truncate(0));
    }
    this.#height = height;
    this.#width = width;
    this.#whole = whole === 1;
    this.#count = Math.floor((size - headBytes) / this.#length);
    await this.#handle.truncate(headBytes + this.#count * this.#length);
  }
}

function answerOf(words: Float32Array): Answer {
  const whole = new Int32Array(words.buffer);
  const top = Array.from({ length: topCount }, (_, at) => ({
    index: whole[3 + at] ?? -1,
    probability: words[3 + topCount + at] ?? 0,
  }));
  return {
    ...{ class: whole[0] ?? 0, probability: words[1] ?? 0, maximum: words[2] ?? 0 },
    top: top.filter(({ index }) => index >= 0),
    values: words.subarray(3 + 2 * topCount),
  };
}

function wordsOf(answer: Answer, length: number): Float32Array<ArrayBuffer> {
  const words = new Float32Array(length);
  const whole = new Int32Array(words.buffer);
  whole[0] = answer.class;
  words[1] = answer.probability;
  words[2] = answer.maximum;
  for (let at = 0; at < topCount; at++) {
    whole[3 + at] = answer.top[at]?.index ?? -1;
    words[3 + topCount + at] = answer.top[at]?.probability ?? 0;
  }
  words.set(answer.values, 3 + 2 * topCount);
  return words;
}

async function letGo(folder: string, own: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{24}$/.test(name) && join(folder, name) !== own);
  const found = await Promise.all(
    names.map(async (name) => ({ name, facts: await stat(join(folder, name, named)).catch(() => null) })),
  );
  let bytes = 0;
  for (const { name, facts } of found.sort((a, b) => (b.facts?.mtimeMs ?? 0) - (a.facts?.mtimeMs ?? 0))) {
    bytes += facts?.size ?? 0;
    if (!facts || bytes > mostKept) await rm(join(folder, name), { recursive: true, force: true });
  }
}
