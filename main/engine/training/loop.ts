import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/failures.ts';
import type { BatchRecord } from '#contract/training.ts';
import type { FeatureProgress } from './fine-tuning/reused-features.ts';
import { countBatches, type BatchSource } from './batches.ts';
import { epochStart, ImageStream, type StreamPlace } from './image-stream.ts';
import { noSums, RunningFigures, type Figures, type FigureSums, type Measures } from './running-figures.ts';
import type { StepNumbers, Steps } from './steps.ts';

export interface LoopParts extends Measures {
  readonly steps: Steps;
  /** Images to train on, with their weights. */
  readonly training: BatchSource;
  /** Those held out, without. */
  readonly validating: BatchSource;
  /** Indices into the source. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly epochs: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Batches of an epoch; absent = one pass over the images. */
  readonly stepsPerEpoch?: number | undefined;
  readonly validationSteps?: number | undefined;
  readonly validationFrequency: number;
  /** @param step of the schedule, from 1: epochs passed over count */
  readonly learningRate: (step: number) => number;
  /** Settles when gradients can be computed; asked before every step, since others compute between two of them. */
  readonly ready: () => Promise<void>;
  /** Says that a long native call begins; returns what says that it is over. */
  readonly busy: (label: string) => () => void;
}

/** A place between two batches, and all that the loop needs to go on from there. Plain data. */
export interface LoopPlace {
  /** Steps done. */
  readonly step: number;
  /** The epoch under way, and how many of its batches are done; all of them when only its validation is left. */
  readonly epoch: number;
  readonly batch: number;
  /** Steps of the schedule that are done. */
  readonly scheduled: number;
  readonly stream: StreamPlace;
  readonly sums: FigureSums;
}

export type LoopEvent =
  | { readonly kind: 'features'; readonly progress: FeatureProgress }
  | { readonly kind: 'batch'; readonly record: BatchRecord; readonly images: number; readonly learningRate: number }
  | { readonly kind: 'validating'; readonly epoch: number; readonly images: number }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly train: Figures;
      readonly images: number;
      readonly validation: Figures | null;
      readonly learningRate: number;
    };

/** Where a run begins. @param initialEpoch epochs passed over */
export function loopStart(images: number, size: number, initialEpoch: number, stepsPerEpoch?: number): LoopPlace {
  const epoch = initialEpoch + 1;
  const scheduled = initialEpoch * (stepsPerEpoch ?? countBatches(images, size));
  const stream = epochStart(epoch, images, size, stepsPerEpoch);
  return { step: 0, epoch, batch: 0, scheduled, stream, sums: noSums };
}

/**
 * Trains epoch by epoch and tells of every batch. The event loop turns between batches, and whoever reads decides when
 * the next one comes: not reading pauses, leaving ends it, between two batches in either case. Loss and accuracy of an
 * epoch are means over its images, as Keras' `fit` shows them.
 */
export class TrainingLoop {
  readonly #parts: LoopParts;
  #place: LoopPlace;
  #running: RunningFigures;

  constructor(parts: LoopParts, from: LoopPlace) {
    this.#parts = parts;
    this.#place = from;
    this.#running = new RunningFigures(parts, from.sums);
  }

  /** Where it stands after the last event. */
  get place(): LoopPlace {
    return { ...this.#place, sums: this.#running.sums };
  }

  /** Fails: `train/not-finite` at the first batch whose loss is NaN or infinite, held-out ones among them. */
  async *events(): AsyncGenerator<LoopEvent, void> {
    const { training, train, epochs, seed, shuffle } = this.#parts;
    const stream = new ImageStream({ source: training, images: train, seed, shuffle }, this.#place.stream);
    try {
      while (this.#place.epoch <= epochs) {
        while (!this.#epochOver(stream)) yield await this.#step(stream);
        yield* this.#endEpoch();
      }
    } finally {
      await stream.close();
    }
  }

  #epochOver(stream: ImageStream): boolean {
    const { batch } = this.#place;
    const { stepsPerEpoch } = this.#parts;
    return batch > 0 && (stepsPerEpoch === undefined ? stream.left === 0 : batch >= stepsPerEpoch);
  }

  async #step(stream: ImageStream): Promise<LoopEvent> {
    const { steps, training, ready, busy, stepsPerEpoch } = this.#parts;
    const { epoch } = this.#place;
    const [step, batch, scheduled] = [this.#place.step + 1, this.#place.batch + 1, this.#place.scheduled + 1];
    const images = await stream.next();
    await ready();
    const learningRate = this.#parts.learningRate(scheduled);
    const numbers = during(busy('training step'), () => steps.train(images, step, learningRate));
    if (!Number.isFinite(numbers.loss)) {
      throw notFinite(numbers.loss, `in epoch ${epoch}, batch ${batch}`, { epoch, batch, step });
    }
    await breathe();
    this.#running.add(numbers, images.images);
    this.#place = { ...this.#place, step, batch, scheduled, stream: stream.at };
    const batches = stepsPerEpoch ?? batch + countBatches(stream.left, training.size);
    const record = { step, epoch, batch, batches, ...ofBatch(numbers, images.images) };
    return { kind: 'batch', record, images: images.images, learningRate };
  }

  async *#endEpoch(): AsyncGenerator<LoopEvent, void> {
    const { validation, validationFrequency, learningRate } = this.#parts;
    const { epoch, scheduled } = this.#place;
    let held: Figures | null = null;
    if (validation.length > 0 && epoch % validationFrequency === 0) {
      const measuring = measure(this.#parts, this.#parts.validating, validation, this.#parts.validationSteps);
      for (;;) {
        const next = await measuring.next();
        if (next.done) {
          held = next.value;
          break;
        }
        yield { kind: 'validating', epoch, images: next.value };
      }
    }
    const { figures: train, images } = this.#running;
    this.#place = { ...this.#place, epoch: epoch + 1, batch: 0 };
    this.#running = new RunningFigures(this.#parts);
    yield { kind: 'epoch', epoch, train, images, validation: held, learningRate: learningRate(scheduled) };
  }
}

/**
 * Loss, accuracy and the like over these images, or over so many batches of them; yields the number of images done after
 * each batch. Fails: `train/not-finite`.
 */
export async function* measure(
  { steps, busy, ready, metrics, outputs }: Pick<LoopParts, 'steps' | 'busy' | 'ready'> & Measures,
  source: BatchSource,
  images: Uint32Array,
  batches = Infinity,
): AsyncGenerator<number, Figures> {
  const running = new RunningFigures({ metrics, outputs });
  const order = images.subarray(0, Math.min(images.length, batches * source.size));
  for await (const batch of source.batches(order, 0)) {
    await ready();
    const numbers = during(busy('evaluation step'), () => steps.evaluate(batch));
    if (!Number.isFinite(numbers.loss)) throw notFinite(numbers.loss, 'on images that it does not train on');
    running.add(numbers, batch.images);
    yield running.images;
    await breathe();
  }
  return running.figures;
}

function ofBatch({ loss, correct }: StepNumbers, images: number) {
  return { loss, accuracy: correct / images };
}

function during<T>(done: () => void, work: () => T): T {
  try {
    return work();
  } finally {
    done();
  }
}

function notFinite(loss: number, where: string, place: Readonly<Record<string, number>> = {}): AppError {
  const value = Number.isNaN(loss) ? 'NaN' : 'infinite';
  return new AppError('train/not-finite', `The loss became ${value} ${where}.`, { loss: value, ...place });
}
