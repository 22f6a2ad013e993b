/**
 * Endings of the names of images. Formats that are not read are among them too: their files are worth a word of their
 * own (`unsupported`), which decoding finds.
 */
const endings: ReadonlySet<string> = new Set(
  [
    ['jpg', 'jpeg', 'jpe', 'jfif', 'jif', 'pjpeg', 'pjp', 'png', 'apng', 'gif', 'webp', 'bmp', 'dib', 'tif', 'tiff'],
    ['avif', 'heic', 'heif', 'jxl', 'jp2', 'j2k', 'ico', 'cur', 'ppm', 'pgm', 'pbm', 'pnm', 'pam', 'tga', 'svg', 'psd'],
    ['exr', 'hdr', 'dcm', 'cr2', 'nef', 'arw', 'dng'],
  ].flat(),
);

/** What systems leave behind in folders and archives; passed over without a word, as is all that begins with a dot. */
const leftovers: ReadonlySet<string> = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '__macosx',
  '@eadir',
  '$recycle.bin',
  'system volume information',
  'lost+found',
]);

/** @param name of a file, without folders */
export function namedLikeAnImage(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot >= 0 && endings.has(name.slice(dot + 1).toLowerCase());
}

export function isLeftover(name: string): boolean {
  return name.startsWith('.') || leftovers.has(name.toLowerCase());
}

/**
 * Python's order of strings, by code point: `10` before `2`, `Z` before `a`. Keras' `image_dataset_from_directory` sorts
 * class folders like that (keras/src/utils/dataset_utils.py, `index_directory`, 3.15), so indices agree with Python.
 * JavaScript's own order differs beyond U+FFFF, where its surrogates sort below U+E000.
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let place = 0; place < length; place++) {
    const one = a.charCodeAt(place);
    const other = b.charCodeAt(place);
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

/** Surrogates above all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}

/** Bytes as text, null where they are not valid UTF-8. A byte order mark is part of the name. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Bytes that are no valid UTF-8, to be shown: what is ASCII as it is, all others as `\xNN`. */
export function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}
