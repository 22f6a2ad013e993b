import sharp from 'sharp';
import type { KnownModel } from '#contract/models.ts';
import type { InputPlace, InputWays } from '#contract/prediction.ts';
import { fitted, planDecoding } from '#engine/data/decode/fit.ts';
import { withChannels, type Raster } from '#engine/data/decode/raster.ts';
import { borderLevel, readPicture, type InputSize } from './picture.ts';
import { formOf, placeOf, type Form } from './read-input.ts';

/** How frames of one film become input of one model; it goes to another thread. */
export interface FrameForm {
  readonly form: Form;
  readonly invert: 'auto' | 'no' | 'yes';
  /** Whether the images that the model learned from have dark borders. */
  readonly dark: boolean;
}

/** Fails: `model/wrong-input`. */
export function frameForm(known: KnownModel, ways: InputWays, dark: boolean): FrameForm {
  const form = formOf(known, ways.fit ?? known.fit);
  return { form, invert: ways.invert ?? 'auto', dark: dark && form.channels === 1 };
}

/** Where a network sees frames of this size; see `InputPlace`. Padding and cutting depend on sizes alone. */
export function framePlace(size: { width: number; height: number }, { form, invert }: FrameForm): InputPlace {
  return placeOf(size, form, invert === 'yes');
}

/**
 * A frame as the model's input, [height, width, channel]: the same bytes that `readInput` makes of it when it is saved as a
 * PNG and opened as a photo.
 */
export async function frameInput(frame: Raster, { form, invert, dark }: FrameForm): Promise<Uint8Array> {
  const auto = invert === 'auto' && dark;
  if (form.channels === 1 && form.fit === 'pad') return (await readPicture(frame, form, invert, auto)).pixels;
  const plan = planDecoding(frame, form, false, false);
  const decoded = plan.size ? await scaled(frame, plan, plan.size) : frame;
  const { pixels } = withChannels(fitted(decoded, plan, frame, form), form.channels);
  const own = pixels === frame.pixels ? pixels.slice() : pixels;
  const [level = 0] = form.channels === 1 ? borderLevel({ ...form, pixels: own }) : [];
  if (invert === 'yes' || (auto && level >= 128)) own.forEach((value, at) => (own[at] = 255 - value));
  return own;
}

/** As `vipsDecode` does it with a file. */
async function scaled(
  { width, height, pixels }: Raster,
  { extract, kernel }: ReturnType<typeof planDecoding>,
  size: Pick<InputSize, 'width' | 'height'>,
): Promise<Raster> {
  let image = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (extract) image = image.extract(extract);
  const resized = image.resize({ width: size.width, height: size.height, fit: 'fill', kernel });
  const { data, info } = await resized.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, pixels: new Uint8Array(data) };
}
