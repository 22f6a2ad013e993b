import { open, rm } from 'node:fs/promises';
import { AppError } from '#contract/failures.ts';
import type { FilmResult } from '#contract/video.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { FrameWriter, OpenWriter, Writing } from '../stages.ts';
import { fraction, writeArguments, type SoundWords } from './command.ts';
import { askFfprobe, plain, probedFile } from './ffprobe.ts';
import { matroskaFrame, matroskaStart } from './matroska.ts';
import { filmDetails } from './probe.ts';
import { supervise, type Ended, type Supervised } from './process.ts';
import { findTools, type Tools } from './tools.ts';

/** Sounds that MP4 holds and players play from it; others are encoded anew as AAC. */
const copied: readonly string[] = ['aac', 'mp3', 'ac3', 'eac3', 'alac'];

/** Fails, besides what writing fails with: `film/encoder` where there is no encoder of H.264. */
export const openWriter: OpenWriter = async (writing, signal) => {
  const tools = await findTools();
  if (tools.h264 === null) throw encoderFailure(`${tools.ffmpeg} has no encoder of H.264`);
  const { sound, audio } = await soundOf(writing, signal);
  const rate = writing.rate === 'stamps' ? null : fraction(writing.rate);
  const { path, quality, size } = writing;
  const words = { path, ...size, rate, quality, encoder: tools.h264, sound };
  const child = supervise(writeArguments(words, tools), { tools, signal, input: true });
  child.stdout.resume();
  return new Encoder(child, writing, audio, tools, signal);
};

class Encoder implements FrameWriter {
  readonly #child: Supervised;
  readonly #writing: Writing;
  readonly #audio: FilmResult['audio'];
  readonly #tools: Tools;
  readonly #signal: AbortSignal;
  /** Held back until the second tells how far apart they are. */
  #first: { readonly pixels: Uint8Array; readonly seconds: number } | null = null;
  #frames = 0;
  #ended: Ended | null = null;

  constructor(child: Supervised, writing: Writing, audio: FilmResult['audio'], tools: Tools, signal: AbortSignal) {
    this.#child = child;
    this.#writing = writing;
    this.#audio = audio;
    this.#tools = tools;
    this.#signal = signal;
    void child.ended.then(async (ended) => {
      this.#ended = ended;
      if (signal.aborted) await this.#remove();
    });
  }

  async write(pixels: Uint8Array, seconds: number): Promise<void> {
    const { size, rate } = this.#writing;
    const length = size.width * size.height * 3;
    if (pixels.length !== length) throw new RangeError(`A frame has ${pixels.length} bytes instead of ${length}.`);
    this.#frames++;
    if (rate !== 'stamps') return this.#send([pixels]);
    if (this.#frames === 1) {
      // A copy: the caller may use its own again.
      this.#first = { pixels: pixels.slice(), seconds };
      return;
    }
    await this.#begin(seconds);
    await this.#send([matroskaFrame(length, seconds), pixels]);
  }

  async finish(): Promise<{ frames: number; audio: FilmResult['audio'] }> {
    try {
      if (this.#writing.rate === 'stamps') await this.#begin(null);
      this.#child.stdin?.end();
      const ended = await this.#child.ended;
      this.#signal.throwIfAborted();
      if (ended.code !== 0) throw this.#failure(ended);
      const frames = await this.#count();
      if (frames !== this.#frames) throw encoderFailure(`${this.#frames} frames went in and ${frames} came out`);
      await settle(this.#writing.path);
      return { frames, audio: this.#audio };
    } catch (thrown) {
      await this.#child.end();
      await this.#remove();
      throw thrown;
    }
  }

  /** The header and the first frame. @param second its stamp; null = there is none */
  async #begin(second: number | null): Promise<void> {
    const first = this.#first;
    if (!first) return;
    this.#first = null;
    const { width, height } = this.#writing.size;
    const step = second === null ? 0.04 : second - first.seconds;
    const rate = Math.min(240, Math.max(1, 1 / Math.max(step, 1e-3)));
    const start = Buffer.concat([
      matroskaStart(width, height, rate),
      matroskaFrame(first.pixels.length, first.seconds),
    ]);
    await this.#send([start, first.pixels]);
  }

  /** Settles when the last byte is in the pipe. */
  async #send(pieces: readonly Uint8Array[]): Promise<void> {
    this.#signal.throwIfAborted();
    const { stdin } = this.#child;
    try {
      if (!stdin || stdin.destroyed) throw new Error('the encoder has ended');
      stdin.cork();
      const taken = pieces.map(
        (piece) =>
          new Promise<void>((resolve, reject) => {
            stdin.write(piece, (error) => (error ? reject(error) : resolve()));
          }),
      );
      stdin.uncork();
      await Promise.all(taken);
    } catch {
      const ended = this.#ended ?? (await this.#child.ended);
      await this.#remove();
      this.#signal.throwIfAborted();
      throw this.#failure(ended);
    }
  }

  /** Of the finished file, as its own index says. */
  async #count(): Promise<number> {
    const entries = 'stream=index,codec_type,nb_frames';
    const { path } = this.#writing;
    const file = await askFfprobe(probedFile, { path, show: [], entries }, this.#tools, this.#signal);
    return file.streams.find((each) => each.codec_type === 'video')?.nb_frames ?? 0;
  }

  #failure({ tail, failed, code }: Ended): AppError {
    const { path } = this.#writing;
    if (/No space left|Disk quota exceeded/i.test(tail)) {
      return new AppError('file/no-space', `The disk is full: ${path} could not be written.`, { file: path });
    }
    if (/(Permission denied|Read-only file system|No such file or directory)/i.test(tail)) {
      const reason = /Permission denied|Read-only file system|No such file or directory/i.exec(tail)?.[0] ?? '';
      return new AppError('file/not-writable', `${path} cannot be written: ${reason}.`, { file: path, reason });
    }
    const said = tail.split('\n').filter((line) => /\[(error|fatal)\]/.test(line));
    return encoderFailure(failed?.message ?? plain(said.at(-1) ?? `ffmpeg ended with ${code ?? 'a signal'}`, path));
  }

  async #remove(): Promise<void> {
    await rm(this.#writing.path, { force: true }).catch(() => undefined);
  }
}

/** Bytes are on the disk before the file is given its name. */
async function settle(path: string): Promise<void> {
  const file = await open(path, 'r+').catch((error: unknown) => {
    throw fileFailure(error, path, 'writing');
  });
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function encoderFailure(reason: string): AppError {
  return new AppError('film/encoder', `The film could not be written: ${reason}.`, { reason });
}

/** The film's first sound, moved so that it fits pictures that begin at 0. */
async function soundOf(
  { sound }: Writing,
  signal: AbortSignal,
): Promise<{ sound: SoundWords | null; audio: FilmResult['audio'] }> {
  if (!sound || sound.film.facts.kind === 'images') return { sound: null, audio: 'none' };
  const { path } = sound.film;
  const { facts, soundStream, origin, begins } = await filmDetails(path, signal);
  if (soundStream === null) return { sound: null, audio: 'none' };
  const { from = 0, to } = sound;
  const cut = from > 0 || (to !== undefined && (facts.seconds === null || to < facts.seconds - 0.001));
  const copy = !cut && copied.includes(facts.sound[0]?.codec ?? '');
  // ffmpeg counts a file's seconds from where its earliest stream begins; the film's clock begins with its first frame.
  const late = origin - begins;
  const part = cut ? { from: from + late, length: to === undefined ? null : to - from } : null;
  const offset = cut ? 0 : -late;
  return { sound: { path, stream: soundStream, offset, part, copied: copy }, audio: copy ? 'copied' : 're-encoded' };
}
