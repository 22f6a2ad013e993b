import { z } from 'zod';
import { className, photoFit, pixelTreatment } from '#contract/models.ts';
import { safeJson } from '../../safe-json.ts';

/**
 * What Heatlens writes into its files beside what Keras wants: the attribute `heatlens` of an .h5 file's root, the
 * member `heatlens.json` of a .keras file, `userDefinedMetadata.heatlens` of tfjs.
 */
const ownWords = z.object({
  version: z.literal(1),
  pixels: pixelTreatment,
  classes: z.array(className).max(100_000),
  fit: photoFit.optional(),
});
export type OwnWords = z.infer<typeof ownWords>;

/** Null where they are not as they should be: the model itself may be in order. Throws `FileProblem` for JSON that is refused. */
export function readOwnWords(text: string | undefined): OwnWords | null {
  return text === undefined ? null : parseOwnWords(safeJson(text, 'heatlens.json'));
}

export function parseOwnWords(value: unknown): OwnWords | null {
  const found = ownWords.safeParse(value);
  return found.success ? found.data : null;
}
