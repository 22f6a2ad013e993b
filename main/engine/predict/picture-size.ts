import { AppError } from '#contract/failures.ts';
import { readHeader } from '#engine/data/decode/image-header.ts';
import { pixelLimit } from '#engine/data/decode/pixel-limit.ts';
import { uprightSize } from '#engine/data/decode/vips.ts';

/**
 * The sides of a picture turned upright, px, from its header.
 * Fails: `image/unreadable`, `image/too-large`, naming the file.
 */
export async function pictureSize(bytes: Buffer, file: string): Promise<{ width: number; height: number }> {
  const header = readHeader(bytes);
  if (!header) throw unreadable(file, 'it is no picture');
  if (header.unsupported !== undefined || header.format === 'other') {
    throw unreadable(file, `pictures of format ${header.unsupported ?? 'unknown'} are not read`);
  }
  if (header.width < 1 || header.height < 1) throw unreadable(file, 'its header is damaged or cut short');
  if (header.width * header.height > pixelLimit) {
    const { width, height } = header;
    const details = { file, width, height, limit: pixelLimit };
    throw new AppError(
      'image/too-large',
      `${file} has ${width}×${height} pixels; at most ${pixelLimit} are read.`,
      details,
    );
  }
  const { width, height } = await uprightSize(bytes, header);
  return { width, height };
}

export const unreadable = (file: string, reason: string, cause?: unknown) =>
  new AppError('image/unreadable', `${file} cannot be read as a picture: ${reason}.`, { file, reason }, cause);
