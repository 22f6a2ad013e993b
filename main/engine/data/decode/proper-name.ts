import type { ImageFormat } from './image-header.ts';

const names: Record<ImageFormat, { readonly shown: string; readonly endings: readonly string[] }> = {
  jpeg: { shown: 'JPEG', endings: ['jpg', 'jpeg', 'jpe', 'jfif', 'jif'] },
  png: { shown: 'PNG', endings: ['png', 'apng'] },
  gif: { shown: 'GIF', endings: ['gif'] },
  bmp: { shown: 'BMP', endings: ['bmp', 'dib'] },
  webp: { shown: 'WebP', endings: ['webp'] },
  tiff: { shown: 'TIFF', endings: ['tif', 'tiff'] },
  avif: { shown: 'AVIF', endings: ['avif', 'avifs', 'heif'] },
};

/** The format's name when the file's name claims another; null when it fits, or has no ending. */
export function properName(file: string, format: ImageFormat): string | null {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase();
  const { shown, endings } = names[format];
  return ending === undefined || endings.includes(ending) ? null : shown;
}
