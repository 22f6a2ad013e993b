import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { knownModel, modelRef } from './models.ts';
import { preprocessing } from './network.ts';

export const zooEntry = z.object({
  /** `resnet50`, as `keras.applications` calls its functions in lower case. */
  id: modelRef,
  name: z.string(),
  family: z.string(),
  /** Of the float32 weights, 10⁶ bytes. */
  megabytes: z.number(),
  /** On ImageNet's validation images, 0…1, as keras.io/api/applications has them; null where nobody says. */
  top1: z.number().nullable(),
  top5: z.number().nullable(),
  parameters: z.number().int(),
  /** Layers with weights in a row, as that table counts them; null where it has none. */
  depth: z.number().int().nullable(),
  height: z.number().int(),
  width: z.number().int(),
  preprocessing,
  /** Paper, licence of the weights. */
  source: z.string(),
  /** Weights are on this machine: shipped inside, or in the per-user cache. */
  here: z.enum(['inside', 'cache', 'no']),
  /** Bytes to be fetched. */
  download: z.number().int(),
  /** Measured on this machine: for an image alone, and for each of eight at once; medians. Absent until measured. */
  milliseconds: z.object({ one: z.number(), eight: z.number(), device: z.string(), measured: z.string() }).optional(),
});
export type ZooEntry = z.infer<typeof zooEntry>;

/** Weights on their way. */
export const zooProgress = z.object({
  stage: z.enum(['checking', 'downloading', 'reading', 'measuring']),
  done: z.number(),
  total: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type ZooProgress = z.infer<typeof zooProgress>;

const id = z.object({ id: modelRef });

export const zooContract = {
  list: oc.output(z.array(zooEntry)),
  /**
   * Fetches the weights from Keras' own place, with checksum; what a stopped call left is used again. Fails: `zoo/unknown`,
   * `download/…`, `file/no-space`.
   */
  fetch: oc.input(id).output(eventIterator(zooProgress, knownModel)),
  /** Takes the weights from a file that is here: Keras' own `…_weights_tf_dim_ordering_tf_kernels.h5`, or one in its layout. Fails: `model/weights-differ`, `model/file-…`. */
  install: oc.input(id.extend({ path: z.string().min(1).max(4096) })).output(eventIterator(zooProgress, knownModel)),
  /** Which model of the zoo a file of weights belongs to; null when it fits none. */
  recognise: oc.input(z.object({ path: z.string().min(1).max(4096) })).output(z.object({ id: modelRef }).nullable()),
  /** Removes fetched weights from the cache; those inside the app stay. */
  remove: oc.input(id).output(zooEntry),
  /** Milliseconds for an image on this machine, kept with the device's name. Weights need not be here: random ones take as long. */
  measure: oc
    .input(z.object({ ids: z.array(modelRef).max(100) }))
    .output(eventIterator(zooProgress, z.array(zooEntry))),
};
