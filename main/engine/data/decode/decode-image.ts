import type { FileOddity, ImageForm } from '#contract/data.ts';
import { decodeBmp } from './bmp.ts';
import { fitted, planDecoding, wholePlan } from './fit.ts';
import { readHeader, type ImageHeader } from './image-header.ts';
import { pixelLimit } from './pixel-limit.ts';
import { properName } from './proper-name.ts';
import { onWhite, withChannels, type Raster } from './raster.ts';
import { partThere, patience, uprightSize, vipsDecode, type FailOn } from './vips.ts';

export interface Oddity {
  readonly oddity: FileOddity;
  readonly detail?: string;
}

/** The pixels of one image, [height, width, channel] of the form, or why there are none. */
export type Decoded =
  | { readonly pixels: Uint8Array; readonly oddities: Oddity[] }
  | { readonly skipped: FileOddity; readonly detail?: string };

/** Of a picture that was cut short, less than this part of its height is not used. */
const leastPart = 0.5;

/**
 * Decodes one image: turned upright by its EXIF tag, first frame of an animation, inks and profiles to sRGB, the high
 * byte of 16-bit samples, laid on white, fitted to the form. The header, read by ourselves, decides what is read: only
 * seven formats, no more than `pixelLimit` pixels, and never a program such as SVG or PDF.
 * It never fails for a bad file: such a file is skipped, and the answer says why.
 */
export async function decodeImage(bytes: Buffer, name: string, form: ImageForm): Promise<Decoded> {
  if (bytes.length === 0) return { skipped: 'empty' };
  const header = readHeader(bytes);
  if (!header) return { skipped: 'not-an-image' };
  if (header.unsupported !== undefined) return { skipped: 'unsupported', detail: header.unsupported };
  if (header.format === 'other') return { skipped: 'unsupported' };
  const { width, height } = header;
  if (width < 1 || height < 1) return { skipped: header.cut ? 'truncated' : 'damaged' };
  if (width * height > pixelLimit) return { skipped: 'too-large', detail: `${width}×${height}` };
  const began = performance.now();
  try {
    const { raster, seen, part } = await decode(bytes, header, form);
    if (part !== undefined && part < leastPart) return { skipped: 'truncated', detail: percent(part) };
    const oddities: Oddity[] = told(header, name);
    if (seen) oddities.push({ oddity: 'transparent' });
    if (part !== undefined) oddities.push({ oddity: 'truncated-used', detail: percent(part) });
    return { pixels: withChannels(raster, form.channels).pixels, oddities };
  } catch {
    if (performance.now() - began >= 1000 * patience) return { skipped: 'too-slow' };
    if (header.cut) return { skipped: 'truncated' };
    return { skipped: 'damaged' };
  }
}

/** What the header tells that is not plain. */
function told(header: ImageHeader, name: string): Oddity[] {
  const { orientation, depth, frames = 1, inks } = header;
  const proper = properName(name, header.format);
  return [
    ...(proper === null ? [] : [{ oddity: 'wrong-name', detail: proper } as const]),
    ...(orientation === 1 ? [] : [{ oddity: 'rotated', detail: `orientation ${orientation}` } as const]),
    ...(inks ? [{ oddity: 'cmyk', ...(inks === 'profile' && { detail: 'ICC' }) } as const] : []),
    ...(depth > 8 ? [{ oddity: 'sixteen-bit', ...(depth < 16 && { detail: `${depth} bits` }) } as const] : []),
    ...(frames > 1 ? [{ oddity: 'animated', detail: String(frames) } as const] : []),
  ];
}

/** The picture in the form, and what only its pixels tell. */
interface Picture {
  readonly raster: Raster;
  /** Whether white shows through. */
  readonly seen: boolean;
  /** Of a file cut short, how much of its height there is, 0…1. */
  readonly part?: number;
}

async function decode(bytes: Buffer, header: ImageHeader, form: ImageForm): Promise<Picture> {
  const image = await uprightSize(bytes, header);
  const { format, orientation } = header;
  const plan =
    format === 'bmp' ? wholePlan(image, form) : planDecoding(image, form, format === 'jpeg', orientation !== 1);
  const finish = (decoded: Raster) => {
    const { raster, seen } = onWhite(decoded);
    return { raster: fitted(raster, plan, image, form), seen };
  };
  if (format === 'bmp') return finish(decodeBmp(bytes));
  const read = async (failOn: FailOn) => finish(await vipsDecode(bytes, header, plan, failOn));
  if (format === 'jpeg' && header.cut) {
    const part = await partThere(bytes);
    return part < leastPart ? { raster: nothing, seen: false, part } : { ...(await read('none')), part };
  }
  // What libvips says of a failure may be of another thread's image, as it has one list for all. That it fails is sure: a
  // JPEG that fails by warnings alone has lost pixels, unless it is put together so that libjpeg must warn.
  const careful = format === 'jpeg' && !header.loose;
  try {
    return await read('warning');
  } catch (thrown) {
    if (careful) throw thrown;
    return await read('error');
  }
}

const nothing: Raster = { width: 1, height: 1, channels: 1, pixels: new Uint8Array(1) };

const percent = (part: number) => `${Math.round(part * 100)} %`;
