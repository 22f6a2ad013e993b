import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { dataSetId, split } from './data.ts';
import { modelRef } from './models.ts';
import { inputPlace, inputWays, pictureRef } from './prediction.ts';

/**
 * Where a network looks. Grad-CAM: Selvaraju et al. 2017 (arXiv:1610.02391); Grad-CAM++: Chattopadhyay et al. 2018
 * (arXiv:1710.11063); Score-CAM: Wang et al. 2020 (arXiv:1910.01279); integrated gradients: Sundararajan et al. 2017
 * (arXiv:1703.01365); SmoothGrad: Smilkov et al. 2017 (arXiv:1706.03825); occlusion: Zeiler, Fergus 2014 (arXiv:1311.2901);
 * `gradients`: |∂score/∂pixel|, Simonyan et al. 2014 (arXiv:1312.6034).
 */
export const explainMethod = z.enum([
  'grad-cam',
  'grad-cam++',
  'score-cam',
  'integrated-gradients',
  'smooth-grad',
  'occlusion',
  'gradients',
]);
export type ExplainMethod = z.infer<typeof explainMethod>;

export const explainOptions = z.object({
  /** Integrated gradients: steps of the path from black. Absent = 32. */
  steps: z.number().int().min(2).max(512).optional(),
  /** SmoothGrad: noisy copies, and their noise as a part of the input's range. Absent = 25 and 0.15. */
  samples: z.number().int().min(1).max(512).optional(),
  noise: z.number().min(0).max(1).optional(),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
  /** Occlusion: side of the grey patch and its step, px of the input. Absent = an eighth of the longer side, and half of that. */
  patch: z.number().int().min(1).max(1024).optional(),
  stride: z.number().int().min(1).max(1024).optional(),
  /** Score-CAM: the maps with the largest activations. Absent = all up to 512. */
  maps: z.number().int().min(1).max(4096).optional(),
});
export type ExplainOptions = z.infer<typeof explainOptions>;

const asking = {
  model: modelRef,
  picture: pictureRef,
  method: explainMethod,
  /** Index; absent = the most probable. */
  class: z.number().int().min(0).optional(),
  /** Absent = chosen by itself. Methods that end at pixels need none. */
  layer: z.string().max(200).optional(),
  options: explainOptions.default({}),
  ways: inputWays.default({}),
};

/** Values row by row, float32 little-endian, base64. */
const plane = z.object({ height: z.number().int(), width: z.number().int(), values: z.base64() });

export const explanation = z.object({
  model: modelRef,
  /** As computed: gradients where the network has no spatial layer, though Grad-CAM was asked for. */
  method: explainMethod,
  class: z.object({ index: z.number().int(), label: z.string(), probability: z.number() }),
  /** Of the class before softmax. */
  score: z.number(),
  layer: z
    .object({
      name: z.string(),
      kind: z.string(),
      height: z.number().int(),
      width: z.number().int(),
      /**
       * Why this one: `last-activation-after-addition`, `last-spatial-activation`, `last-spatial`, `asked-for`.
       */
      reason: z.enum(['last-activation-after-addition', 'last-spatial-activation', 'last-spatial', 'asked-for']),
    })
    .nullable(),
  /** Why another method was used than asked for; `no-spatial-layer`. */
  instead: z.enum(['no-spatial-layer']).optional(),
  /** As computed: ReLU'd where the method does so, divided by its maximum (0…1), not resized. All zero where nothing speaks for the class. */
  map: plane,
  /** Largest value before the division. */
  maximum: z.number(),
  place: inputPlace,
  milliseconds: z.number(),
});
export type Explanation = z.infer<typeof explanation>;

export const explainLayer = z.object({
  name: z.string(),
  kind: z.string(),
  height: z.number().int(),
  width: z.number().int(),
  channels: z.number().int(),
});
export type ExplainLayer = z.infer<typeof explainLayer>;

/** Petsiuk et al. 2018 (arXiv:1806.07421): pixels are taken away from a picture (or put onto a blurred one), hottest first. */
export const faithfulness = z.object({
  /** Part of the pixels changed, 0…1, and the class's probability then. */
  deletion: z.array(z.tuple([z.number(), z.number()])),
  insertion: z.array(z.tuple([z.number(), z.number()])),
  /** Areas under the curves; less is better for deletion, more for insertion. */
  deletionArea: z.number(),
  insertionArea: z.number(),
  /** The same with maps of chance, as coarse as the map: mean of three. */
  random: z.object({
    deletion: z.array(z.tuple([z.number(), z.number()])),
    insertion: z.array(z.tuple([z.number(), z.number()])),
    deletionArea: z.number(),
    insertionArea: z.number(),
  }),
});
export type Faithfulness = z.infer<typeof faithfulness>;

/** Adebayo et al. 2018 (arXiv:1810.03292): a map that does not change when weights are random explains the picture, not the network. */
export const sanityCheck = z.object({
  /** From the last layer towards the first, weights randomised up to and with it: Spearman's rank correlation with the true map. */
  cascade: z.array(z.object({ layer: z.string(), correlation: z.number(), map: plane })),
  /** Sensible: the correlation falls below one half. */
  sensitive: z.boolean(),
});
export type SanityCheck = z.infer<typeof sanityCheck>;

export const meanHeatRow = z.object({
  index: z.number().int(),
  file: z.string().optional(),
  predicted: z.number().int(),
  probability: z.number(),
  /** Part of the heat outside the box, 0…1; absent without a box. */
  outside: z.number().optional(),
  /** Where its heat lies: centre of mass, 0…1 of the input's width and height. */
  centre: z.tuple([z.number(), z.number()]),
  map: plane,
});

export const meanHeat = z.object({
  count: z.number().int(),
  map: plane,
  /** Mean of the images themselves, as a PNG data URL. */
  image: z.string(),
  /** Most of its heat outside first; without a box, furthest from the mean map first (1 − correlation). */
  rows: z.array(meanHeatRow),
});
export type MeanHeat = z.infer<typeof meanHeat>;

const progress = z.object({ done: z.number().int(), total: z.number().int(), secondsLeft: z.number().nullable() });

/** Calls may fail with `model/unknown`, `photo/unknown`, `image/…`, `model/wrong-input`, `explain/unknown-layer`, `explain/unknown-class`, `engine/not-ready`. */
export const explainContract = {
  /** Layers with a height and a width, from the input on; the one chosen by itself. */
  layers: oc
    .input(z.object({ model: modelRef }))
    .output(z.object({ layers: z.array(explainLayer), chosen: explanation.shape.layer })),
  map: oc.input(z.object(asking)).output(explanation),
  faithfulness: oc
    .input(z.object({ ...asking, points: z.number().int().min(5).max(200).default(28) }))
    .output(eventIterator(progress, faithfulness)),
  sanity: oc.input(z.object(asking)).output(eventIterator(progress, sanityCheck)),
  /** Over images of a split: of one true class or all, or those listed. @param box in 0…1 of width and height */
  meanHeat: oc
    .input(
      z.object({
        model: modelRef,
        dataset: dataSetId,
        split,
        /** Only images of this true class. */
        of: z.number().int().min(0).optional(),
        indices: z.array(z.number().int().min(0)).max(10_000).optional(),
        /** Heat for this class; absent = what each is predicted as. */
        class: z.number().int().min(0).optional(),
        method: explainMethod.default('grad-cam'),
        layer: z.string().max(200).optional(),
        box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }).optional(),
        most: z.number().int().min(1).max(10_000).default(500),
      }),
    )
    .output(eventIterator(progress, meanHeat)),
  /**
   * Writes what is seen as PNG: heat over the picture, and original, heat and overlay side by side with a colour bar.
   * Fails: `file/not-writable`, `file/no-space`.
   */
  save: oc
    .input(
      z.object({
        ...asking,
        overlay: z.string().max(4096).optional(),
        sideBySide: z.string().max(4096).optional(),
        colours: z.enum(['jet', 'turbo', 'inferno', 'viridis']).default('turbo'),
        opacity: z.number().min(0).max(1).default(0.5),
      }),
    )
    .output(explanation),
};
