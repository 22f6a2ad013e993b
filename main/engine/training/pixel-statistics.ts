import { setImmediate } from 'node:timers/promises';
import type { RunSummary } from '#contract/training.ts';
import type { PixelStatistics as ReadOnlyStatistics } from '#engine/model/pixels.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';

export type PixelStatistics = NonNullable<RunSummary['pixelStatistics']>;

/** Bytes read at once; the engine answers others in between. */
const chunk = 4 * 2 ** 20;

/**
 * Mean and deviation (divided by n) of each channel over all pixels of these images, 0…255: what ImageDataGenerator.fit
 * finds. Sums of whole numbers stay exact up to 2⁵³, beyond 10¹¹ pixels.
 *
 * @param images indices into the source
 */
export async function pixelStatistics(
  source: ImageSource,
  images: Uint32Array,
  { height, width, channels }: Pick<DataSet, 'height' | 'width' | 'channels'>,
): Promise<PixelStatistics> {
  const size = height * width * channels;
  const atOnce = Math.max(1, Math.floor(chunk / size));
  const pixels = new Uint8Array(Math.min(atOnce, images.length) * size);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let from = 0; from < images.length; from += atOnce) {
    const some = images.subarray(from, from + atOnce);
    const read = pixels.subarray(0, some.length * size);
    source.read(some, read);
    for (let place = 0; place < read.length; place += channels) {
      for (let channel = 0; channel < channels; channel++) {
        const value = read[place + channel] ?? 0;
        sums[channel] = (sums[channel] ?? 0) + value;
        squares[channel] = (squares[channel] ?? 0) + value * value;
      }
    }
    await setImmediate();
  }
  const count = images.length * height * width;
  const mean = Array.from(sums, (sum) => sum / count);
  const deviation = mean.map((each, channel) => Math.sqrt(Math.max(0, (squares[channel] ?? 0) / count - each * each)));
  return { mean, deviation };
}

/** As a run keeps them. */
export const figuresOf = ({ mean, deviation }: ReadOnlyStatistics): PixelStatistics => ({
  mean: [...mean],
  deviation: [...deviation],
});
