import type { ImageForm } from '#contract/data.ts';
import type { PixelSums } from '../pixel-sums.ts';
import type { Decoded } from './decode-image.ts';

/** What a decoding thread is given when it starts. */
export interface DecodingParts {
  readonly form: ImageForm;
}

export interface DecodingJob {
  readonly ticket: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One file read: its pixels, with what tells whether another is the same, or why there are none. */
export type DecodedFile =
  | (Extract<Decoded, { pixels: Uint8Array }> & {
      /** SHA-256 of the bytes, hex. */
      readonly hash: string;
      /** `perceptualHash` of the pixels. */
      readonly perceptual: string;
      readonly sums: PixelSums;
    })
  | Extract<Decoded, { skipped: string }>;

/** What a thread says: that it is ready, or what became of a job. */
export type DecodingWord = { readonly ready: true } | { readonly ticket: number; readonly answer: DecodedFile };
