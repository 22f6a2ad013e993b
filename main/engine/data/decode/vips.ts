import sharp from 'sharp';
import type { DecodingPlan, Size } from './fit.ts';
import type { ImageHeader } from './image-header.ts';
import { pixelLimit } from './pixel-limit.ts';
import { inksToColours, type Raster } from './raster.ts';

// libvips looks for itself what a file is. Whatever it finds, these it does not read; UltraHDR photos are read as the
// plain JPEG that they are as well. Each by its name: to block all and allow some would fail what another thread reads.
const notRead = [
  'Svg',
  'Pdf',
  'Magick',
  'Magick7',
  'Uhdr',
  'Jxl',
  'Jp2k',
  'Ppm',
  'Rad',
  'Fits',
  'Mat',
  'Nifti',
  'Openexr',
];
sharp.block({ operation: notRead.map((name) => `VipsForeignLoad${name}`) });

/** Seconds after which libvips gives up; a thread that is silent for longer is replaced (`DecoderPool`). */
export const patience = 4;
const seconds = patience;

/** What ends decoding: nothing, what cannot be read, or also what libvips' decoders warn of. */
export type FailOn = 'none' | 'error' | 'warning';

const limits = { limitInputPixels: pixelLimit };

/** Fails: with libvips' own words. */
export async function vipsDecode(
  bytes: Buffer,
  header: ImageHeader,
  plan: DecodingPlan,
  failOn: FailOn,
): Promise<Raster> {
  const inks = header.inks === 'none';
  let image = sharp(bytes, { ...limits, failOn })
    .timeout({ seconds })
    .autoOrient();
  // Before anything is scaled, so that the byte that is kept is that of the file.
  if (header.depth > 8) image = image.pipelineColourspace('srgb');
  if (inks) image = image.pipelineColourspace('cmyk').toColourspace('cmyk');
  if (plan.extract) image = image.extract(plan.extract);
  if (plan.size)
    image = image.resize({ width: plan.size.width, height: plan.size.height, fit: 'fill', kernel: plan.kernel });
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const raster = { width: info.width, height: info.height, channels: info.channels, pixels: data };
  return inks ? inksToColours(raster) : raster;
}

/** Sides after the image was turned upright. AVIF has turns and cuts of its own, which libheif applies. */
export async function uprightSize(bytes: Buffer, { format, width, height, orientation }: ImageHeader): Promise<Size> {
  if (format === 'avif') return (await sharp(bytes, limits).metadata()).autoOrient;
  return orientation < 5 ? { width, height } : { width: height, height: width };
}

/**
 * How much of the height of a JPEG that was cut short there is, 0…1. libjpeg fills what is missing with zeros, that is,
 * mid-grey (128), down to the last row.
 */
export async function partThere(bytes: Buffer): Promise<number> {
  const rows = 256;
  const columns = 16;
  const small = sharp(bytes, { ...limits, failOn: 'none' })
    .timeout({ seconds })
    .resize({ width: columns, height: rows, fit: 'fill', kernel: 'nearest', fastShrinkOnLoad: false });
  const pixels = await small.greyscale().raw({ depth: 'uchar' }).toBuffer();
  let last = rows - 1;
  while (last >= 0 && pixels.subarray(last * columns, (last + 1) * columns).every((level) => level === 128)) last--;
  return (last + 1) / rows;
}
