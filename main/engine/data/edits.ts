import { z } from 'zod';
import { split } from '#contract/data.ts';

const count = z.number().int().nonnegative();
const images = z.array(z.object({ split, index: count }));

/**
 * One change of a person's, in the order made. Images are named by their split and index in the files, which are never
 * written to; classes and labels by what they were when the change was made.
 */
export const edit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('relabel'), split, index: count, label: count }),
  z.object({ kind: z.literal('exclude'), split, index: count }),
  z.object({ kind: z.literal('relabel-images'), images, label: count }),
  z.object({ kind: z.literal('exclude-images'), images }),
  z.object({ kind: z.literal('rename-classes'), classes: z.array(z.string()) }),
  /** The first of them stays, under this name. */
  z.object({ kind: z.literal('merge-classes'), classes: z.array(count), name: z.string() }),
  z.object({ kind: z.literal('exclude-classes'), classes: z.array(count) }),
]);
export type Edit = z.infer<typeof edit>;
