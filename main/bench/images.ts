import type { ImageSource } from '#engine/data/data-set.ts';
import { MemorySource } from '#engine/data/memory-source.ts';
import { mnistRecord } from '#engine/data/mnist.ts';
import { openRecord } from '#engine/data/open-record.ts';
import { generator } from '#engine/data/random.ts';
import type { Job } from './job.ts';

/** As many images as the longest round takes, or all of MNIST's training split. */
export async function imagesFor({ data, images, batch, steps }: Job): Promise<ImageSource> {
  if (data === 'mnist') {
    const source = (await openRecord(mnistRecord(), '')).given.sources.get('train');
    if (!source) throw new Error('MNIST has no training images.');
    return source;
  }
  const count = batch * steps;
  const bytes = images.height * images.width * images.channels;
  const next = generator(1, 1);
  const pixels = new Uint8Array(new SharedArrayBuffer(count * bytes));
  for (let place = 0; place < pixels.length; place++) pixels[place] = next() >>> 24;
  return new MemorySource(
    pixels,
    Uint16Array.from({ length: count }, () => next() % images.classes),
  );
}

/** The first of them as TensorFlow.js takes them: float32, 0…1. */
export function floats(source: ImageSource, count: number, imageBytes: number): Float32Array {
  const pixels = new Uint8Array(count * imageBytes);
  source.read(
    Array.from({ length: count }, (_, place) => place),
    pixels,
  );
  return Float32Array.from(pixels, (pixel) => pixel / 255);
}
