export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'bmp' | 'webp' | 'tiff' | 'avif';

/** EXIF's tag 274: 1 is upright, 2–8 are turned or mirrored. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What the first bytes of an image say. Sides are as stored, in pixels, before it is turned upright. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** 0 where the header ends before it tells, or lies. */
  readonly width: number;
  readonly height: number;
  /** Frames or pages; absent = one, or not told. */
  readonly frames?: number;
  readonly orientation: Orientation;
  /** Bits of one sample. */
  readonly depth: number;
  readonly alpha: boolean;
  /** Four inks, with or without a profile that says what they look like. */
  readonly inks?: 'profile' | 'none';
  /** Bytes that this image must have and this file has not: it was cut short. */
  readonly cut: boolean;
  /** It is put together carelessly, in a way that decoders warn of and that costs nothing. */
  readonly loose?: boolean;
  /** Why it is not read, in the format's own terms. */
  readonly unsupported?: string;
}

/** An image in a format that is known by its signature and not read. */
export interface ForeignHeader {
  readonly format: 'other';
  readonly unsupported: string;
}

/** What the reader of one format finds. */
export type Facts = Omit<ImageHeader, 'format'>;
