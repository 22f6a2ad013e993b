import { oc } from '@orpc/contract';
import { z } from 'zod';
import { dataSetId } from './data.ts';

const shape = z.array(z.number().int().positive().nullable());

export const layerSummary = z.object({
  name: z.string(),
  /** Keras class name, e.g. `Conv2D`. */
  kind: z.string(),
  /** Without the batch axis. */
  outputShape: shape,
  parameters: z.number().int().nonnegative(),
  trainable: z.number().int().nonnegative(),
  /** Multiply-adds × 2 for one image. */
  flops: z.number().nonnegative(),
  /** What a reader wants to know: `3×3, 32 filters, relu`. Field's terms, the same in every language. */
  settings: z.string(),
});
export type LayerSummary = z.infer<typeof layerSummary>;

export const modelSummary = z.object({
  input: shape,
  classes: z.number().int().positive(),
  layers: z.array(layerSummary),
  parameters: z.number().int().nonnegative(),
  trainable: z.number().int().nonnegative(),
  flops: z.number().nonnegative(),
  /** float32 weights, bytes. */
  bytes: z.number().int().nonnegative(),
});
export type ModelSummary = z.infer<typeof modelSummary>;

export const presetSummary = z.object({
  id: z.string(),
  name: z.string(),
  /** Height, width, channels of the images it was written for; it scales to others. */
  input: z.tuple([z.number(), z.number(), z.number()]),
  /** For that input and ten classes. */
  parameters: z.number().int(),
  /** Where it comes from: book, tutorial, paper. */
  source: z.string(),
  /** What happens to pixels before the first layer. */
  preprocessing: z.enum(['none', 'divide-255']),
});
export type PresetSummary = z.infer<typeof presetSummary>;

export const modelContract = {
  presets: oc.output(z.array(presetSummary)),
  /** The preset as it will be for this data set's image size and classes. Fails: `model/unknown-preset`, `model/wrong-input`. */
  summary: oc.input(z.object({ preset: z.string(), dataset: dataSetId })).output(modelSummary),
};
