import { createHash } from 'node:crypto';
import type { ImageForm, ImportEvent, ImportRow } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { freeSpace } from '#engine/backend/provision/space.ts';
import { DecoderPool } from '../decode/decoder-pool.ts';
import type { DecodedFile } from '../decode/decoding-words.ts';
import { ReadFailure } from '../listing/found.ts';
import type { ListedImage, Listing } from '../listing/list-images.ts';
import { imageBytesOf, PreparedWriter, type PreparedImage } from '../prepared.ts';
import type { FirstScreen } from './first-screen.ts';

type Progress = Extract<ImportEvent, { kind: 'progress' }>;

export interface PrepareParts {
  readonly listing: Listing;
  readonly form: ImageForm;
  /** Where decoded images are kept. */
  readonly folder: string;
  readonly screen: FirstScreen;
  readonly threads: number;
  /** The threads' program, for the bench. */
  readonly worker?: string;
  readonly signal?: AbortSignal | undefined;
}

/** What lies on disk now. */
export interface PreparedFiles {
  readonly key: string;
  readonly images: readonly PreparedImage[];
  readonly rows: readonly ImportRow[];
}

/** Milliseconds between two messages of progress. */
const progressPause = 100;
/** Files read ahead, for each thread: enough that none waits, and no more than these are in memory. */
const ahead = 4;
/** Left free on the disk. */
const spare = 256 * 2 ** 20;

/**
 * Decodes every image of a listing once, in its order, into one file. A bad file never ends it: it becomes a row.
 * Ended early it leaves nothing.
 * Fails: `file/no-space`, `file/not-writable`, `data/no-usable-images`, `data/one-class`.
 */
export async function* prepareImages(parts: PrepareParts): AsyncGenerator<Progress, PreparedFiles> {
  const { listing, form, folder, screen, threads, worker, signal } = parts;
  const total = listing.images.length;
  await requireSpace(folder, total * imageBytesOf(form));
  const writer = await PreparedWriter.begin(folder);
  const pool = new DecoderPool({ threads, form, ...(worker && { worker }) });
  const tally = new Tally(listing.rows);
  const waiting: Promise<Result>[] = [];
  const began = performance.now();
  let told = 0;
  let finished = false;
  try {
    let done = 0;
    const progress = (): Progress => {
      const seconds = (performance.now() - began) / 1000;
      const { repaired, skipped } = tally;
      const imagesPerSecond = done / Math.max(seconds, 1e-3);
      const secondsLeft = done < 20 ? null : (total - done) / imagesPerSecond;
      return { kind: 'progress', done, total, repaired, skipped, imagesPerSecond, secondsLeft, preview: screen.count };
    };
    for await (const _ of screen.fill(listing.images, async (image) => pixelsOf(await decode(pool, image)))) {
      signal?.throwIfAborted();
      yield progress();
    }
    for (let next = 0; done < total;) {
      while (next < total && waiting.length < ahead * threads) {
        const image = listing.images[next++];
        if (image) waiting.push(decode(pool, image));
      }
      const result = await waiting.shift();
      signal?.throwIfAborted();
      if (!result) break;
      const pixels = tally.take(result);
      if (pixels) await writer.add(pixels);
      done += 1;
      if (performance.now() - told < progressPause) continue;
      told = performance.now();
      yield progress();
    }
    check(listing, tally);
    const { images, rows } = tally;
    const key = await writer.finish({ version: 1, form, classes: [...listing.classes], images, total, rows });
    finished = true;
    yield progress();
    return { key, images, rows };
  } finally {
    await Promise.allSettled(waiting);
    await pool.dispose();
    if (!finished) await writer.abandon();
  }
}

interface Result {
  readonly image: ListedImage;
  readonly answer: DecodedFile;
}

async function decode(pool: DecoderPool, image: ListedImage): Promise<Result> {
  try {
    return { image, answer: await pool.decode({ name: image.file, bytes: await image.read() }) };
  } catch (thrown) {
    if (!(thrown instanceof ReadFailure)) throw thrown;
    const { oddity, detail } = thrown;
    return { image, answer: { skipped: oddity, ...(detail && { detail }), hash: '', perceptual: '' } };
  }
}

const pixelsOf = ({ answer }: Result) => ('pixels' in answer ? answer.pixels : null);

/** What became of each file so far. */
class Tally {
  readonly images: PreparedImage[] = [];
  readonly rows: ImportRow[];
  repaired = 0;
  skipped: number;
  readonly #known = new Map<string, string>();

  constructor(rows: readonly ImportRow[]) {
    this.rows = [...rows];
    this.skipped = rows.filter(({ outcome }) => outcome === 'skipped').length;
  }

  /** @returns pixels to keep */
  take({ image, answer }: Result): Uint8Array | null {
    const { file, label, split } = image;
    if ('skipped' in answer) {
      const { skipped: oddity, detail } = answer;
      this.rows.push({ file, oddity, outcome: 'skipped', ...(detail !== undefined && { detail }) });
      this.skipped += 1;
      return null;
    }
    const { pixels, oddities, hash, perceptual, sums } = answer;
    for (const odd of oddities) this.rows.push({ file, ...odd, outcome: 'repaired' });
    if (oddities.length > 0) this.repaired += 1;
    const twin = this.#known.get(hash);
    if (twin === undefined) this.#known.set(hash, file);
    else this.rows.push({ file, oddity: 'duplicate', outcome: 'used', detail: twin });
    this.images.push([file, label, split, hash, perceptual, [...sums.sums, ...sums.squares]]);
    return pixels;
  }
}

/** Fails: `data/no-usable-images`, `data/one-class`. */
function check({ name, images }: Listing, tally: Tally): void {
  if (tally.images.length === 0) {
    const reason = [...new Set(tally.rows.map(({ oddity }) => oddity))].slice(0, 3).join(', ');
    const message = `None of the ${images.length} files in ${name} could be used: ${reason}.`;
    throw new AppError('data/no-usable-images', message, { file: name, files: images.length, reason });
  }
  if (tally.images.every(([, label]) => label === tally.images[0]?.[1])) {
    throw new AppError('data/one-class', `${name} has usable images of one class only; expected two or more.`, {
      file: name,
    });
  }
}

async function requireSpace(folder: string, needed: number): Promise<void> {
  const free = await freeSpace(folder);
  if (free >= needed + spare) return;
  const message = `${folder} has ${free} bytes free; the prepared images need ${needed}. A smaller size may help.`;
  throw new AppError('file/no-space', message, { file: folder, needed, free });
}

/** A name for an import that is under way. */
export function jobName(paths: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...paths, performance.now()]))
    .digest('hex')
    .slice(0, 16);
}
