import { createHash } from 'node:crypto';
import type { DuplicateReport, Split, WorkProgress } from '#contract/data.ts';
import type { DataSet } from '../data-set.ts';
import { perceptualHash } from '../decode/perceptual-hash.ts';
import { withProgress, type Tell } from '../progress.ts';
import { Breather } from './breather.ts';
import { Groups } from './groups.ts';
import { noHashes, setHash, type Hashes } from './hashes.ts';
import { correlation, noLooks, setLook, type Looks } from './look.ts';
import { nearByHash } from './near-by-hash.ts';
import { nearByLook } from './near-by-look.ts';
import { PooledImages } from './pooled-images.ts';
import { duplicateReport } from './report.ts';

/** What is known already of an image: SHA-256 of its file, dHash as 16 hex digits. */
export type HashesOf = (split: Split, index: number) => { exact: string; perceptual: string } | undefined;

/** Images with no side as long as this are compared pixel by pixel. */
const smallSide = 48;
/**
 * Of the 8×8 field means of larger images. Photos of 64×64 that were recompressed (JPEG, quality 30) or resized stay above
 * 0.98, brightened ones above 0.95; 120 crops of three photos have no pair that is near by mistake.
 */
const leastCorrelation = 0.9;

/**
 * Looks for images that are in the set twice. Exact: the same file, or the same pixels where files were not kept. Near:
 * dHashes that differ in at most 6 of 64 bits, and looks that agree, since the hash alone calls most photos on a white
 * ground alike, and most digits: larger images correlate by 0.9, small ones have almost the same pixels
 * (`near-by-look.ts`). Images of one tone are never near.
 */
export async function* findDuplicates(
  dataSet: DataSet,
  hashesOf?: HashesOf,
  signal?: AbortSignal,
): AsyncGenerator<WorkProgress, DuplicateReport> {
  return yield* withProgress(signal, (tell, stopping) => search(dataSet, hashesOf, stopping, tell));
}

async function search(dataSet: DataSet, hashesOf: HashesOf | undefined, signal: AbortSignal, tell: Tell) {
  const images = new PooledImages(dataSet);
  const { count } = images;
  const breather = new Breather(signal);
  const hashes = noHashes(count);
  const small = Math.max(images.height, images.width) < smallSide;
  const describe = describing(images, noLooks(count), hashes);
  const exact = new Groups(count);
  const firstOf = new Map<string, number>();
  for (let place = 0; place < count; place++) {
    const { split, index } = images.at(place);
    const known = hashesOf?.(split, index);
    const key = known ? known.exact : pixelHash(images.pixels(place));
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, place);
    else exact.join(first, place);
    if (known) setHash(hashes, place, known.perceptual);
    else describe.hash(place);
    if (small) describe.look(place);
    if (breather.due) {
      tell(place, 2 * count);
      await breather.breathe();
    }
  }
  // Twins have the same looks: one of them stands for all.
  const places = Uint32Array.from(firstOf.values());
  firstOf.clear();
  const groups = new Groups(count);
  for (const twins of exact.ofSeveral()) for (const twin of twins) groups.join(twins[0] ?? twin, twin);
  const searched = (share: number) => tell(count + Math.floor(share * count), 2 * count);
  const join = (one: number, other: number) => groups.join(one, other);
  if (small) await nearByLook(images, hashes, describe.looks, places, join, breather, searched);
  else {
    const visit = (one: number, other: number) => {
      if (groups.find(one) !== groups.find(other) && describe.correlate(one, other) >= leastCorrelation)
        join(one, other);
    };
    await nearByHash(hashes, places, visit, breather, searched);
  }
  tell(2 * count, 2 * count);
  return duplicateReport(images, hashes, exact, groups);
}

/** Reads an image only when something of it is needed for the first time. */
function describing(images: PooledImages, looks: Looks, hashes: Hashes) {
  const { height, width, channels } = images;
  const luma = new Uint8Array(height * width);
  const seen = new Uint8Array(images.count);
  const look = (place: number) => {
    if (seen[place]) return;
    seen[place] = 1;
    images.luma(place, luma);
    setLook(looks, place, luma, height, width);
  };
  return {
    looks,
    look,
    hash: (place: number) => setHash(hashes, place, perceptualHash(images.pixels(place), height, width, channels)),
    correlate(one: number, other: number): number {
      look(one);
      look(other);
      return correlation(looks, one, other);
    },
  };
}

function pixelHash(pixels: Uint8Array): string {
  return createHash('sha256').update(pixels).digest('base64');
}
