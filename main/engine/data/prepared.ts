import { createHash } from 'node:crypto';
import { open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { imageForm, importRow, split as splitNames, type ImageForm, type Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { settleName, temporaryName, writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import type { ImageSource } from './data-set.ts';
import { PackedSource } from './packed-source.ts';
import { SelectedSource } from './selected-source.ts';

/** One image that was decoded. */
const preparedImage = z.tuple([
  /** Path within what was imported. */
  z.string(),
  z.number().int().nonnegative(),
  splitNames,
  /** SHA-256 of the file's bytes, hex. */
  z.string(),
  /** dHash of its luma, 16 hex digits. */
  z.string(),
  /** Of its pixels, by channel: their sums, then the sums of their squares. */
  z.array(z.number()),
]);
export type PreparedImage = z.infer<typeof preparedImage>;

/** `<key>.json`: what lies in `<key>.pixels`, image after image, [height, width, channel] bytes each, and the report. */
const preparedIndex = z.object({
  version: z.literal(1),
  form: imageForm,
  classes: z.array(z.string()),
  images: z.array(preparedImage),
  /** Files looked at. */
  total: z.number().int().nonnegative(),
  rows: z.array(importRow),
});
export type PreparedIndex = z.infer<typeof preparedIndex>;

export const imageBytesOf = ({ height, width, channels }: ImageForm): number => height * width * channels;

/** Decoded images on their way to disk. Under their name only when whole. */
export class PreparedWriter {
  readonly #folder: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;

  private constructor(folder: string, temporary: string, handle: FileHandle) {
    this.#folder = folder;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** Fails: `file/no-space`, `file/not-writable`. */
  static async begin(folder: string): Promise<PreparedWriter> {
    const temporary = temporaryName(join(folder, 'import.pixels'));
    try {
      return new PreparedWriter(folder, temporary, await open(temporary, 'wx'));
    } catch (error) {
      throw fileFailure(error, temporary, 'writing');
    }
  }

  async add(pixels: Uint8Array): Promise<void> {
    try {
      await this.#handle.writeFile(pixels); // goes on where the last ended, and on until every byte is taken
    } catch (error) {
      throw fileFailure(error, this.#temporary, 'writing');
    }
  }

  /** @returns the key: the same files in the same form have the same. Fails: `file/no-space`, `file/not-writable`. */
  async finish(index: PreparedIndex): Promise<string> {
    const { form, classes, images } = index;
    const key = createHash('sha256')
      .update(JSON.stringify([form, classes, images]))
      .digest('hex')
      .slice(0, 32);
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await settleName(this.#temporary, pixelsFile(this.#folder, key));
    } catch (error) {
      await rm(this.#temporary, { force: true }).catch(() => undefined);
      throw fileFailure(error, pixelsFile(this.#folder, key), 'writing');
    }
    await writeAtomic(indexFile(this.#folder, key), JSON.stringify(index));
    return key;
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }
}

export interface Prepared {
  readonly index: PreparedIndex;
  readonly sources: ReadonlyMap<Split, ImageSource>;
  /** Of each split, in its order. */
  readonly images: ReadonlyMap<Split, readonly PreparedImage[]>;
}

/** Fails: `data/prepared-lost` when a file is gone or has another size. @param name of the set */
export async function openPrepared(folder: string, key: string, name: string): Promise<Prepared> {
  const index = await readPreparedIndex(folder, key, name);
  const file = pixelsFile(folder, key);
  const bytes = imageBytesOf(index.form);
  const size = await sizeOf(file);
  if (size !== index.images.length * bytes) {
    throw lost(name, size === null ? `${file} is missing` : `${file} has ${size} bytes`);
  }
  const { channels } = index.form;
  const whole = new PackedSource(
    file,
    bytes,
    index.images.map(([file, label, , , , sums]) => {
      return { file, label, sums: { sums: sums.slice(0, channels), squares: sums.slice(channels) } };
    }),
  );
  const { labels } = whole;
  const sources = new Map<Split, ImageSource>();
  const images = new Map<Split, readonly PreparedImage[]>();
  for (const split of splitNames.options) {
    const places = Uint32Array.from(labels.keys()).filter((place) => index.images[place]?.[2] === split);
    if (places.length === 0) continue;
    sources.set(
      split,
      new SelectedSource(
        [whole],
        places,
        Uint16Array.from(places, (place) => labels[place] ?? 0),
      ),
    );
    images.set(
      split,
      index.images.filter(([, , of]) => of === split),
    );
  }
  return { index, sources, images };
}

/** Fails: `data/prepared-lost`. */
export async function readPreparedIndex(folder: string, key: string, name: string): Promise<PreparedIndex> {
  const file = indexFile(folder, key);
  try {
    return preparedIndex.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw lost(name, `${file} cannot be read`, error);
  }
}

/** Removes what no data set speaks of any more. @param used keys */
export async function sweepPrepared(folder: string, used: ReadonlySet<string>): Promise<void> {
  for (const name of (await ifPresent(readdir(folder))) ?? []) {
    const [, key] = /^([0-9a-f]{16,64})\.(pixels|json)$/.exec(name) ?? [];
    if (key && !used.has(key)) await rm(join(folder, name), { force: true });
  }
}

const pixelsFile = (folder: string, key: string) => join(folder, `${key}.pixels`);
const indexFile = (folder: string, key: string) => join(folder, `${key}.json`);

async function sizeOf(file: string): Promise<number | null> {
  const handle = await ifPresent(open(file, 'r'));
  if (!handle) return null;
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

function lost(name: string, reason: string, cause?: unknown): AppError {
  const message = `The prepared images of "${name}" cannot be used: ${reason}. Import its files again.`;
  return new AppError('data/prepared-lost', message, { name, reason }, cause);
}
