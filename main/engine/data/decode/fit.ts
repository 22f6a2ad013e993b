import type { ImageForm } from '#contract/data.ts';
import type { Raster } from './raster.ts';
import { resample, type Box } from './resample.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Which part of an image is kept, in whole pixels, and the size it gets within the form. */
export interface Fit {
  readonly box: Box;
  readonly size: Size;
}

/** What libvips does while it decodes, and what remains for `fitted`. */
export interface DecodingPlan {
  /** Cut out before anything else. */
  readonly extract?: Box;
  /** Absent: decoded at its own size. */
  readonly size?: Size;
  readonly kernel: 'linear' | 'cubic';
  /** The part of the decoded raster that becomes the picture. */
  readonly box: Box;
}

/** Above this, libvips averages more than 2×2 pixels before its linear filter, and is no longer near the exact one. */
const mostLinear = 6;
/** Below this our own filter is as quick as libvips' and exact. */
const leastLinearPixels = 256 * 256;
/** sharp decodes a JPEG at an eighth, a quarter or a half when the image asked for is smaller by at least the first. */
const steps = [9, 5, 3];
/** How much must remain after such a step for the exact filter to hide what the coarse one did. */
const leastLeft = 2;
/** Larger images of other formats are brought down while they are decoded, so that they never lie in memory whole. */
const mostPixels = 4_000_000;

/**
 * `crop`: the largest box of the form's proportions in the middle, as Keras' `smart_resize` cuts it. `pad`: whole, sides
 * rounded to pixels. `stretch`: whole.
 */
export function fitOf({ width, height }: Size, form: ImageForm): Fit {
  const whole = { left: 0, top: 0, width, height };
  if (form.fit === 'stretch') return { box: whole, size: form };
  if (form.fit === 'pad') {
    const scale = Math.min(form.width / width, form.height / height);
    const side = (length: number) => Math.max(1, Math.round(length * scale));
    return { box: whole, size: { width: side(width), height: side(height) } };
  }
  const kept = Math.max(1, Math.min(width, Math.floor((height * form.width) / form.height)));
  const high = Math.max(1, Math.min(height, Math.floor((width * form.height) / form.width)));
  const [left, top] = [Math.floor((width - kept) / 2), Math.floor((height - high) / 2)];
  return { box: { left, top, width: kept, height: high }, size: form };
}

/** For what is decoded at its own size. */
export const wholePlan = (image: Size, form: ImageForm): DecodingPlan => ({
  kernel: 'linear',
  box: fitOf(image, form).box,
});

/** @param image sides of the upright image; @param turned whether it is not stored upright */
export function planDecoding(image: Size, form: ImageForm, jpeg: boolean, turned: boolean): DecodingPlan {
  const { box, size } = fitOf(image, form);
  const [across, down] = [box.width / size.width, box.height / size.height];
  const least = Math.min(across, down);
  const pixels = image.width * image.height;
  if (least >= 1 && Math.max(across, down) < mostLinear && pixels >= leastLinearPixels && !turned) {
    return { extract: box, size, kernel: 'linear', box: { left: 0, top: 0, ...size } };
  }
  const step = jpeg ? steps.find((shrink) => shrink * leastLeft <= least) : undefined;
  if (step !== undefined) {
    const side = (length: number) => Math.max(1, Math.floor(length / step));
    const near = { width: side(image.width), height: side(image.height) };
    return { size: near, kernel: 'cubic', box: scaled(box, image, near) };
  }
  if (pixels <= mostPixels) return { kernel: 'linear', box };
  const side = (length: number, shrink: number) =>
    Math.max(1, Math.round(length / Math.max(1, shrink / (2 * leastLeft))));
  const near = { width: side(image.width, across), height: side(image.height, down) };
  return { size: near, kernel: 'cubic', box: scaled(box, image, near) };
}

function scaled({ left, top, width, height }: Box, from: Size, to: Size): Box {
  const across = to.width / from.width;
  const down = to.height / from.height;
  return { left: left * across, top: top * down, width: width * across, height: height * down };
}

/** The picture at the form's size; its channels stay. @param image sides of the upright image, before any decoding */
export function fitted(raster: Raster, plan: DecodingPlan, image: Size, form: ImageForm): Raster {
  const { box } = plan;
  const { size } = fitOf(image, form);
  const done =
    raster.width === size.width &&
    raster.height === size.height &&
    box.width === size.width &&
    box.height === size.height;
  const inner = done ? raster : resample(raster, box, size.width, size.height);
  return size.width === form.width && size.height === form.height ? inner : onBlack(inner, form);
}

/** In the middle; of an odd number of free pixels the smaller half is left and above, as `tf.image.resize_with_pad`. */
function onBlack({ width, height, channels, pixels }: Raster, form: Size): Raster {
  const padded = new Uint8Array(form.width * form.height * channels);
  const left = Math.floor((form.width - width) / 2);
  const top = Math.floor((form.height - height) / 2);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width * channels, (y + 1) * width * channels);
    padded.set(row, ((top + y) * form.width + left) * channels);
  }
  return { width: form.width, height: form.height, channels, pixels: padded };
}
