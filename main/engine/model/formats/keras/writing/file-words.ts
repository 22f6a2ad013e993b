import { z } from 'zod';
import { className, photoFit, pixelTreatment } from '#contract/models.ts';
import type { PortableModel } from '../../../portable.ts';

/**
 * What a file says of itself that Keras has no place for: root attribute `heatlens` of .h5, member `heatlens.json` of
 * .keras, `userDefinedMetadata.heatlens` of tfjs.
 */
export const fileWords = z.object({
  version: z.literal(1),
  /** What is to be done to RGB 0…255 before the file's network; `none` where its layers do it. */
  pixels: pixelTreatment,
  classes: z.array(className),
  fit: photoFit.optional(),
});
export type FileWords = z.infer<typeof fileWords>;

export function wordsOf({ pixels, classes }: PortableModel, where: 'inside' | 'beside'): FileWords {
  const treatment =
    where === 'inside' ? { kind: 'none' as const } : pixels.kind === 'standardize' ? pixels : { kind: pixels.kind };
  return { version: 1, pixels: treatment, classes: [...classes] };
}
