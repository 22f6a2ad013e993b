import { oc } from '@orpc/contract';
import { z } from 'zod';

export const rankedClass = z.object({ index: z.number().int(), label: z.string(), probability: z.number() });
export type RankedClass = z.infer<typeof rankedClass>;

const run = z.string().min(1).max(128);

export const digitPrediction = z.object({
  /** What the network gets: height × width × 1 bytes, base64. 28×28 unless the run's images have another size. */
  input: z.base64(),
  height: z.number().int(),
  width: z.number().int(),
  /** Where the drawing lay and where its centre of mass went, in input pixels; null for an empty canvas. */
  box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }).nullable(),
  /** All classes, most probable first; empty for an empty canvas. */
  top: z.array(rankedClass),
  milliseconds: z.number(),
});
export type DigitPrediction = z.infer<typeof digitPrediction>;

export const filePrediction = z.object({
  file: z.string(),
  top: z.array(rankedClass),
  softmax: z.array(z.number()).optional(),
  milliseconds: z.number(),
  /** How the picture became the network's input, in words. */
  resize: z.string().optional(),
});
export type FilePrediction = z.infer<typeof filePrediction>;

export const predictionContract = {
  /**
   * A drawing (grey levels, ink = 255) as MNIST made its digits: cut to the ink, scaled into a 20×20 box, centred by
   * mass in 28×28. Fails: `run/unknown`, `run/no-weights`, `engine/not-ready`.
   */
  digit: oc
    .input(
      z.object({
        run,
        width: z.number().int().min(8).max(512),
        height: z.number().int().min(8).max(512),
        pixels: z.base64().max(400_000),
        /** False: the picture is already as the network wants it. */
        centre: z.boolean().default(true),
      }),
    )
    .output(digitPrediction),
  /** Picture files through a trained run. One bad file fails the call with its name: `image/unreadable`, `image/too-large`. */
  files: oc
    .input(
      z.object({
        run,
        paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000),
        top: z.number().int().min(1).max(1000).default(5),
        threshold: z.number().min(0).max(1).default(0),
        full: z.boolean().default(false),
        /** Turn dark-on-light pictures into light-on-dark ones, as MNIST is: by looking at the border. */
        invert: z.enum(['auto', 'no', 'yes']).default('auto'),
      }),
    )
    .output(z.array(filePrediction)),
};
