import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { runDetail, runEvent, runNotes, runSummary, runTag, stepMode } from './runs.ts';
import { trainingSettings } from './training-settings.ts';

export * from './runs.ts';
export * from './training-settings.ts';

/** What one real batch, forward and backward, told before a run is accepted. */
export const preflight = z.object({
  images: z.number().int(),
  batches: z.number().int(),
  parameters: z.number().int(),
  /** Seconds of one step, after the first. */
  stepSeconds: z.number(),
  /** Of the whole run, seconds. */
  estimate: z.number(),
  /**
   * Bytes, estimated: weights and optimizer slots (twice where steps are compiled: TensorFlow's session has its own),
   * gradients, activations of a batch; and what is free on the machine, or on the GPU that computes.
   */
  memory: z.object({
    weights: z.number(),
    slots: z.number(),
    gradients: z.number(),
    activations: z.number(),
    free: z.number(),
  }),
  /** The largest batch (a power of two) that fits in three quarters of the free memory, and is no larger than the data. */
  advisedBatchSize: z.number().int(),
  steps: stepMode,
  /** Loss of the batch and what an untrained network would have, ln(classes). */
  loss: z.number(),
  /**
   * `memory-tight`: more than three quarters of the free memory. `batch-too-large`: more than all of it. `loss-far-off`: a
   * cross-entropy below half or above one and a half of ln(classes). `tiny-data`: fewer than ten images a class.
   */
  warnings: z.array(
    z.enum(['memory-tight', 'batch-too-large', 'loss-far-off', 'steps-not-compiled', 'one-class-only', 'tiny-data']),
  ),
});
export type Preflight = z.infer<typeof preflight>;

/** Values to try of one setting, by its path: `optimizer.learningRate`, `batchSize`, `seed`, `preset`, `optimizer.name`, … */
export const sweepAxis = z.object({
  setting: z.string().max(100),
  values: z
    .array(z.union([z.number(), z.string()]))
    .min(1)
    .max(100),
});
export type SweepAxis = z.infer<typeof sweepAxis>;

const runId = z.object({ run: z.string().min(1).max(128) });

/** Calls on runs. Those that name one may fail with `run/unknown`. */
export const trainingContract = {
  /**
   * Accepts a run and starts it. Fails: `train/busy`, `train/settings`, `train/no-images`, `train/out-of-memory` when the
   * machine could not hold a step even if nothing else ran on it, `engine/cannot-train`, `engine/not-ready`.
   */
  start: oc.input(trainingSettings).output(runSummary),
  pause: oc.input(runId).output(runSummary),
  /**
   * Of a paused run. Of a queued one it is the word for the queue to go on: runs that were queued when the project was
   * opened wait for it after a crash, and where the host does not let them begin by themselves.
   */
  resume: oc.input(runId).output(runSummary),
  /**
   * Ends after the current batch or the current epoch; weights and history are kept, the test split is measured. A queued
   * run leaves the queue.
   */
  stop: oc.input(runId.extend({ when: z.enum(['now', 'epoch-end']) })).output(runSummary),
  /** Accepts a run that begins when those before it have ended. Fails as `start`, but never `train/busy`. */
  enqueue: oc.input(trainingSettings).output(runSummary),
  /** Every combination of the axes' values, queued; at most 200 runs. Fails: `train/settings` naming the axis, and as `enqueue`. */
  sweep: oc
    .input(z.object({ settings: trainingSettings, axes: z.array(sweepAxis).min(1).max(6) }))
    .output(z.array(runSummary)),
  /** Another place in the queue, from 0; a place past the end is the last. */
  moveInQueue: oc.input(runId.extend({ place: z.number().int().min(0) })).output(z.void()),
  /** Takes up an interrupted, stopped or failed run at its last checkpoint, to the bit. Fails: `run/cannot-continue` with the reason, `train/busy`. */
  continue: oc.input(runId).output(runSummary),
  /** One real batch forward and backward; keeps nothing. Fails as `start`, and `train/out-of-memory`. */
  preflight: oc.input(trainingSettings).output(preflight),
  /**
   * The first images that these settings train on, in their order, as they come before any random change: their place in
   * the training split and their class. Fails: `data/unknown-set`, `train/no-images`.
   */
  firstImages: oc
    .input(
      z.object({
        settings: trainingSettings.pick({
          dataset: true,
          seed: true,
          shuffle: true,
          validation: true,
          limitTrain: true,
        }),
        count: z.number().int().min(1).max(100),
      }),
    )
    .output(z.array(z.object({ index: z.number().int(), label: z.string() }))),
  /** Learning rate at each epoch's first step for these settings (a plateau cannot be foreseen: constant there). At most 500 points. */
  schedulePreview: oc
    .input(z.object({ settings: trainingSettings }))
    .output(z.array(z.object({ epoch: z.number(), learningRate: z.number() }))),
  /** Newest first. */
  runs: oc.output(z.array(runSummary)),
  run: oc.input(runId).output(runDetail),
  /** What happens to this run from now on; ends with the run. */
  watch: oc.input(runId).output(eventIterator(runEvent)),
  rename: oc.input(runId.extend({ name: z.string().min(1).max(200) })).output(runSummary),
  /** Notes and tags as they are from now on, also of a run that trains; what is absent stays. An empty text or list takes them away. */
  annotate: oc
    .input(runId.extend({ notes: runNotes.optional(), tags: z.array(runTag).max(50).optional() }))
    .output(runSummary),
  /** Moves the run's folder to the project's trash. Fails: `run/active`. */
  discard: oc.input(runId).output(z.void()),
  /** Takes it out of the trash again. */
  restore: oc.input(runId).output(runSummary),
};
