import { z } from 'zod';
import { split } from './split.ts';

const count = z.number().int().nonnegative();
const whole = (low: number, high: number) => z.number().int().min(low).max(high);

/**
 * How an image comes to the set's size. `crop`: scaled until it covers, the middle is kept; `pad`: scaled until it fits,
 * black beside it; `stretch`: both sides on their own. Bilinear with antialiasing, after it was turned upright.
 */
export const fitRule = z.enum(['crop', 'pad', 'stretch']);
export type FitRule = z.infer<typeof fitRule>;

export const imageForm = z.object({
  height: whole(1, 2048),
  width: whole(1, 2048),
  /** 1: grey (ITU-R BT.601 luma); 3: RGB. */
  channels: z.union([z.literal(1), z.literal(3)]),
  fit: fitRule,
});
export type ImageForm = z.infer<typeof imageForm>;

/** Which image belongs to which split. All but `given` pool the images first and draw within each class, by seed. */
export const splitting = z.discriminatedUnion('by', [
  z.object({ by: z.literal('given') }),
  z.object({
    by: z.literal('fraction'),
    validation: z.number().min(0).lt(1),
    test: z.number().min(0).lt(1),
    seed: whole(0, 2 ** 31 - 1),
  }),
  /** `train` absent = all the others; what is left over is in no split. */
  z.object({
    by: z.literal('count'),
    train: count.optional(),
    validation: count,
    test: count,
    seed: whole(0, 2 ** 31 - 1),
  }),
]);
export type Splitting = z.infer<typeof splitting>;

/** What may be odd about a file. What was done about it is the row's `outcome`. */
export const fileOddity = z.enum([
  // used after a repair
  'rotated', // EXIF orientation other than 1: turned upright
  'cmyk', // converted by its profile, or as uncalibrated inks
  'sixteen-bit', // the high byte is kept
  'transparent', // laid on white
  'animated', // first frame
  'wrong-name', // its content is of another format than its name says
  'truncated-used', // cut short; the part that is there is used, the rest is grey
  // skipped
  'empty', // no bytes
  'not-an-image',
  'unsupported', // an image in a format that Heatlens does not read
  'damaged',
  'too-large', // more pixels than the limit, told by the header
  'truncated',
  'unreadable', // the system refuses it
  'vanished', // was there when the folder was listed
  'not-a-file', // socket, pipe, device
  'broken-link',
  'outside', // a link that leaves the folder
  'loop', // a link to a folder above it
  'bad-name', // its name is not valid text
  'no-class', // lies beside the class folders
  'decoder-died',
  'too-slow',
  // told
  'duplicate', // the same bytes as another image of the set, named in `detail`
  'single-image-class',
  'empty-class',
]);
export type FileOddity = z.infer<typeof fileOddity>;

export const importRow = z.object({
  /** Path within what was imported, with `/`; bytes that are no text are written \xNN. */
  file: z.string(),
  oddity: fileOddity,
  outcome: z.enum(['used', 'repaired', 'skipped']),
  /** Facts in the field's terms, the same in every language: `orientation 6`, `20000×20000`, another file's name. */
  detail: z.string().optional(),
});
export type ImportRow = z.infer<typeof importRow>;

export const importKind = z.enum(['idx', 'cifar10', 'cifar100', 'folder', 'archive', 'text']);
export type ImportKind = z.infer<typeof importKind>;

export const importOptions = z.object({
  /** Of folders and archives; the others have their own. */
  form: imageForm.optional(),
  splitting: splitting.optional(),
  /** CIFAR-100: the 100 fine classes (with the coarse ones as superclasses) or the 20 coarse ones. Absent = fine. */
  labels: z.enum(['fine', 'coarse']).optional(),
});
export type ImportOptions = z.infer<typeof importOptions>;

/** What files are, told by names and headers in well under a second; nothing is decoded. */
export const importLook = z.object({
  kind: importKind,
  name: z.string(),
  images: count,
  /** At most 1,000 of them. */
  classes: z.array(z.object({ name: z.string(), images: count })),
  classCount: count,
  splits: z.partialRecord(split, count),
  bytes: z.number(),
  /** Of at most 64 images, spread over all: the commonest size, and the extremes of each side. */
  sizes: z.object({ height: count, width: count, least: count, most: count, grey: z.boolean() }).optional(),
  suggested: importOptions,
  /** What listing found odd already. */
  rows: z.array(importRow),
  /** Bytes that the prepared pixels will take on disk in the suggested form. */
  prepared: z.number().optional(),
});
export type ImportLook = z.infer<typeof importLook>;

export const importEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('listed'),
    job: z.string(),
    images: count,
    classes: count,
    splits: z.partialRecord(split, count),
  }),
  z.object({
    kind: z.literal('progress'),
    done: count,
    total: count,
    repaired: count,
    skipped: count,
    imagesPerSecond: z.number(),
    secondsLeft: z.number().nullable(),
    /** Images of the first screen that are there: `firstScreenUrl(job, preview)`. */
    preview: count,
  }),
]);
export type ImportEvent = z.infer<typeof importEvent>;

export const importReport = z.object({
  total: count,
  skipped: count,
  repaired: count,
  byOddity: z.partialRecord(fileOddity, count),
  rows: z.array(importRow),
});
export type ImportReport = z.infer<typeof importReport>;

/** Images that are the same, or nearly (perceptual hash, Hamming distance ≤ 6 of 64 bits). */
export const duplicateGroup = z.object({
  kind: z.enum(['exact', 'near']),
  acrossSplits: z.boolean(),
  acrossClasses: z.boolean(),
  /** The one to keep first. `distance`: bits of the hash in which it differs from that one. */
  images: z.array(z.object({ split, index: count, label: count, distance: count })),
});
export type DuplicateGroup = z.infer<typeof duplicateGroup>;

export const duplicateReport = z.object({
  /** Images of which an earlier one has the same bytes or pixels. */
  exact: count,
  /** Further images that are nearly those of another. */
  near: count,
  /** Images of validation and test that have a twin in train. */
  leaks: count,
  /** At most 500, those across splits first. */
  groups: z.array(duplicateGroup),
  /** What the one click leaves out: of each group all but the one to keep (train's twins of test images go first). */
  advised: z.array(z.object({ split, index: count })),
});
export type DuplicateReport = z.infer<typeof duplicateReport>;

export const workProgress = z.object({ done: z.number(), total: z.number(), secondsLeft: z.number().nullable() });
export type WorkProgress = z.infer<typeof workProgress>;

/** A famous set that can be fetched from its own place. */
export const famousSet = z.object({
  id: z.enum(['fashion-mnist', 'cifar10', 'cifar100']),
  name: z.string(),
  images: count,
  classes: count,
  /** Of the download. */
  bytes: z.number(),
  licence: z.string(),
  source: z.string(),
  /** On this machine already. */
  here: z.boolean(),
  /** Bytes that an interrupted download has left; it goes on from there. */
  partial: z.number(),
});
export type FamousSet = z.infer<typeof famousSet>;
