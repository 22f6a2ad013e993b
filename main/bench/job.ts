import { z } from 'zod';
import { augmentation } from '#contract/augmentation.ts';

const job = z.object({
  /** `start`: only until the engine is ready. */
  work: z.enum(['train', 'predict', 'explain', 'fine-tune', 'start', 'import', 'film', 'film-stages']),
  /** Of the app, or a model of the zoo; of `explain` with random weights, too. */
  preset: z.string(),
  images: z.object({ height: z.int(), width: z.int(), channels: z.int(), classes: z.int() }),
  /** MNIST's training images, or pixels made up: their values do not change the speed. */
  data: z.enum(['mnist', 'made-up']),
  batch: z.int(),
  /** The most steps of a round. */
  steps: z.int(),
  learningRate: z.number(),
  compile: z.boolean(),
  augmentation: augmentation.optional(),
  /** Of `film`: where it lies, if it lies on this machine. */
  film: z.string().optional(),
  /** Where files for all sides are made. */
  folder: z.string().optional(),
});

/** What a side is to do, in round after round. `scripts/bench/cases.mjs` has them; the Python sides read the same. */
export type Job = z.infer<typeof job>;

/** From the command line. Throws on what is no job. */
export function readJob(): Job {
  return job.parse(JSON.parse(process.argv[2] ?? 'null'));
}
