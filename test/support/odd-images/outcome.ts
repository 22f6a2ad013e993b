import type { FileOddity } from '#contract/data.ts';

/** What became of a file: used, with what was repaired, or skipped. */
export type Outcome = { readonly used: readonly FileOddity[] } | { readonly skipped: FileOddity };

export interface OddImage {
  readonly name: string;
  readonly bytes: Buffer;
  /** The outcomes of which one must come; more than one only where chance has made the file. */
  readonly expected: readonly Outcome[];
}

export const used = (...oddities: FileOddity[]): Outcome => ({ used: oddities });
export const skipped = (oddity: FileOddity): Outcome => ({ skipped: oddity });
