import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilmFrame } from '#contract/video.ts';
import { coarsened } from '#engine/explain/heat.ts';
import { settleName, temporaryName } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';

/** Maps that are kept with a film made have at most this many values a side. */
const mostSide = 32;

interface Names {
  readonly film: string;
  readonly frames: string;
  readonly maps: string;
}

/** What is made of a film, under temporary names until all of it is whole. */
export class MadeFiles {
  readonly #folder: string;
  readonly #names: Names;
  readonly #frames: FileHandle;
  readonly #maps: FileHandle;
  /** Of the maps kept. */
  size = { height: 1, width: 1 };

  private constructor(folder: string, names: Names, frames: FileHandle, maps: FileHandle) {
    this.#folder = folder;
    this.#names = names;
    this.#frames = frames;
    this.#maps = maps;
  }

  /** Fails: `file/not-writable`. */
  static async open(folder: string): Promise<MadeFiles> {
    const name = (file: string) => temporaryName(join(folder, file));
    const names = { film: name('heat.mp4'), frames: name('frames.jsonl'), maps: name('maps.f32') };
    try {
      const frames = await open(names.frames, 'wx');
      return new MadeFiles(folder, names, frames, await open(names.maps, 'wx'));
    } catch (thrown) {
      throw fileFailure(thrown, folder, 'writing');
    }
  }

  /** Where the encoder writes. */
  get film(): string {
    return this.#names.film;
  }

  /** @param map as composed. Fails: `file/no-space`, `file/not-writable`. */
  async add(rows: readonly { frame: FilmFrame; map: { height: number; width: number; values: Float32Array } }[]) {
    try {
      await this.#frames.writeFile(rows.map(({ frame }) => `${JSON.stringify(frame)}\n`).join(''));
      const small = rows.map(({ map }) => coarsened(map, mostSide));
      const [first] = small;
      if (first) this.size = { height: first.height, width: first.width };
      const bytes = small.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      await this.#maps.writeFile(Buffer.concat(bytes));
    } catch (thrown) {
      throw fileFailure(thrown, this.#folder, 'writing');
    }
  }

  /** All under their names, the film last. @returns its bytes. Fails: as `add`. */
  async settle(): Promise<number> {
    try {
      for (const handle of [this.#frames, this.#maps]) {
        await handle.sync();
        await handle.close();
      }
      const { size } = await stat(this.#names.film);
      await settleName(this.#names.frames, join(this.#folder, 'frames.jsonl'));
      await settleName(this.#names.maps, join(this.#folder, 'maps.f32'));
      await settleName(this.#names.film, join(this.#folder, 'heat.mp4'));
      return size;
    } catch (thrown) {
      throw fileFailure(thrown, this.#folder, 'writing');
    }
  }

  /** Nothing is left. */
  async discard(): Promise<void> {
    await Promise.all([this.#frames, this.#maps].map((handle) => handle.close().catch(() => undefined)));
    await Promise.all(Object.values(this.#names).map((file) => rm(file, { force: true })));
  }
}
