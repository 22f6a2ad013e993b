import { oc } from '@orpc/contract';
import { z } from 'zod';
import { dataSetId } from './data.ts';
import { failureCodes } from './failures.ts';
import { networkSpec, preprocessing } from './network.ts';

export * from './network.ts';

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
  /** For that input and ten classes; of an own network that is wrong, those that are known. */
  parameters: z.number().int(),
  /** Where it comes from: book, tutorial, paper. */
  source: z.string(),
  /** What happens to pixels before the first layer. */
  preprocessing,
  /** The user's own: it can be changed. */
  own: z.literal(true).optional(),
});
export type PresetSummary = z.infer<typeof presetSummary>;

/** What can be said of a network that may be wrong. */
export const networkCheck = z.object({
  /** Where nothing is wrong. */
  summary: modelSummary.optional(),
  /** In the network's order; without facts where they cannot be told. */
  layers: z.array(
    z.object({ name: z.string(), kind: z.string(), inputs: z.array(z.string()), facts: layerSummary.optional() }),
  ),
  /** Each at the layer that has it, with the code, message and details of a failure; `''` for the network as a whole. */
  errors: z.array(
    z.object({
      layer: z.string(),
      code: z.enum(failureCodes),
      message: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});
export type NetworkCheck = z.infer<typeof networkCheck>;

const networkId = z.object({ id: z.string().min(1).max(100) });
const forData = { dataset: dataSetId.optional() };

export const modelContract = {
  /** The user's own networks, then the presets. */
  presets: oc.output(z.array(presetSummary)),
  /** The network as it will be for this data set's image size and classes. Fails: `model/…`, naming the layer. */
  summary: oc.input(z.object({ preset: z.string(), dataset: dataSetId })).output(modelSummary),
  /**
   * A network as data, a preset or one of the zoo resolved for the data set's image size; or the one that a run was
   * trained with.
   * Fails: `model/unknown-preset`, `run/unknown`.
   */
  spec: oc
    .input(z.union([z.object({ preset: z.string(), ...forData }), z.object({ run: z.string(), ...forData })]))
    .output(networkSpec),
  /** What is right and wrong with a network for this data set; wrong networks do not fail. */
  check: oc.input(z.object({ spec: networkSpec, dataset: dataSetId })).output(networkCheck),
  /** Keeps an own network, in the place of the one of this id or as a new one; it may be wrong. Fails: `model/unknown-preset`, `file/…`. */
  save: oc.input(z.object({ spec: networkSpec, id: z.string().max(100).optional() })).output(presetSummary),
  /** Moves it to the project's trash; runs trained with it keep their copy. Fails: `model/unknown-preset`. */
  discardNetwork: oc.input(networkId).output(z.void()),
  restoreNetwork: oc.input(networkId).output(presetSummary),
};
