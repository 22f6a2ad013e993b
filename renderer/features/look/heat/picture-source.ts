import { imageUrl, photoUrl } from '#contract/pictures.ts';
import type { PictureRef } from '#contract/prediction.ts';

/** px; enough for a whole screen. */
const side = 1600;

/** The picture itself, to be drawn; null of one that only the command line knows. Fails where it cannot be read. */
export async function pictureSource(picture: PictureRef, revision: string): Promise<CanvasImageSource | null> {
  if ('path' in picture) return null;
  if ('drawing' in picture) return drawn(picture.drawing);
  const image = new Image();
  image.src =
    'photo' in picture
      ? photoUrl(picture.photo, side, revision)
      : imageUrl(picture.dataset, picture.split, picture.index, revision);
  await image.decode();
  return image;
}

/** A name for saved files: `photo-ab12`, `test-17`, `drawing`. */
export function pictureStem(picture: PictureRef): string {
  if ('drawing' in picture) return 'drawing';
  if ('photo' in picture) return 'photo';
  if ('path' in picture) return 'picture';
  return `${picture.split}-${picture.index}`;
}

function drawn({ width, height, pixels }: { width: number; height: number; pixels: string }): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const levels = atob(pixels);
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const level = levels.charCodeAt(i) || 0;
    image.data.set([level, level, level, 255], i * 4);
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
