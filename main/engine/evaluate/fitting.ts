import type { DataSet } from '#engine/data/data-set.ts';
import { fitted, wholePlan } from '#engine/data/decode/fit.ts';
import { withChannels } from '#engine/data/decode/raster.ts';
import type { InputSize } from '#engine/predict/picture.ts';
import type { Judgeable } from '#engine/predict/trained.ts';

/**
 * Images of a data set in the size of a model that was not trained on them; those of a run, and of the right size, go
 * in untouched. @param pixels [image, height, width, channel] of the data set
 */
export function asInputs(pixels: Uint8Array, data: DataSet, size: InputSize, { named }: Judgeable): Uint8Array {
  const { height, width, channels } = data;
  const same = height === size.height && width === size.width && channels === size.channels;
  if (same || !named || (size.channels !== 1 && size.channels !== 3)) return pixels;
  const form = { ...size, channels: size.channels === 1 ? 1 : 3, fit: named.fit } as const;
  const [from, to] = [height * width * channels, size.height * size.width * size.channels];
  const count = pixels.length / from;
  const inputs = new Uint8Array(count * to);
  for (let image = 0; image < count; image++) {
    const raster = { height, width, channels, pixels: pixels.subarray(image * from, (image + 1) * from) };
    inputs.set(fitted(withChannels(raster, form.channels), wholePlan(raster, form), raster, form).pixels, image * to);
  }
  return inputs;
}
