import { join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { ifPresent } from '#engine/project/file-failure.ts';
import { readFile } from 'node:fs/promises';
import { readIdxHeader, readIdxValues } from './idx.ts';
import type { IdxPair } from './pair-files.ts';

export const drawingsId = 'drawings';
export const drawingSide = 28;
const drawingBytes = drawingSide * drawingSide;

/** Where a project keeps its drawn digits: an ordinary IDX pair, so that anything else reads them too. */
export function drawingFiles(dataFolder: string): { images: string; labels: string } {
  return {
    images: join(dataFolder, 'drawings-images-idx3-ubyte'),
    labels: join(dataFolder, 'drawings-labels-idx1-ubyte'),
  };
}

/**
 * Appends one drawing. Each file changes as a whole, the labels last: after a crash between the two there is one image
 * more than labels, and `loadDrawings` takes it away again.
 *
 * @param pixels 28×28 bytes, ink = 255
 * Fails: `call/invalid`, `file/no-space`, `file/not-writable`, the codes of `readIdxHeader`.
 */
export async function appendDrawing(dataFolder: string, pixels: Uint8Array, label: number): Promise<void> {
  if (pixels.length !== drawingBytes) {
    const problem = `${pixels.length} bytes; expected ${drawingBytes} (28×28)`;
    throw new AppError('call/invalid', `\`pixels\`: ${problem}.`, { field: 'pixels', problem });
  }
  const files = drawingFiles(dataFolder);
  const labels = await valuesIn(files.labels);
  const images = (await valuesIn(files.images)).subarray(0, labels.length * drawingBytes);
  const count = labels.length + 1;
  await writeAtomic(files.images, Buffer.concat([idxHead(count, drawingSide, drawingSide), images, pixels]));
  await writeAtomic(files.labels, Buffer.concat([idxHead(count), labels, Uint8Array.of(label)]));
}

/** The pair as it lies there, mended where a crash came between its two files. */
export async function drawingPair(dataFolder: string): Promise<IdxPair> {
  const files = drawingFiles(dataFolder);
  const labels = await valuesIn(files.labels);
  const images = await valuesIn(files.images);
  if (labels.length > 0 && images.length > labels.length * drawingBytes) {
    const kept = images.subarray(0, labels.length * drawingBytes);
    await writeAtomic(files.images, Buffer.concat([idxHead(labels.length, drawingSide, drawingSide), kept]));
  }
  return { split: 'train', images: await readIdxHeader(files.images), labels: await readIdxHeader(files.labels) };
}

async function valuesIn(file: string): Promise<Uint8Array> {
  const present = await ifPresent(readFile(file));
  return present ? readIdxValues(await readIdxHeader(file)) : new Uint8Array(0);
}

function idxHead(...dims: number[]): Buffer {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.set([0, 0, 0x08, dims.length]);
  for (const [axis, dim] of dims.entries()) head.writeUInt32BE(dim, 4 + 4 * axis);
  return head;
}
