import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/failures.ts';
import type { BatchRecord } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { permutation } from '#engine/data/random.ts';
import type { Network } from '#engine/model/network.ts';
import type { Batches } from './batches.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { evaluationStep, trainingStep, type StepResult } from './step.ts';

export interface LoopParts {
  readonly network: Network;
  readonly optimizer: Optimizer;
  readonly batches: Batches;
  /** Indices into the source. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly epochs: number;
  readonly seed: number;
  /** Settles when gradients can be computed; asked before every step, since others compute between two of them. */
  readonly ready: () => Promise<void>;
  /** Says that a long native call begins; returns what says that it is over. */
  readonly busy: (label: string) => () => void;
}

export interface Measured {
  readonly loss: number;
  /** 0…1 */
  readonly accuracy: number;
}

export type LoopEvent =
  | { readonly kind: 'batch'; readonly record: BatchRecord; readonly images: number; readonly running: Measured }
  | { readonly kind: 'validating'; readonly epoch: number; readonly images: number }
  | { readonly kind: 'epoch'; readonly epoch: number; readonly train: Measured; readonly validation: Measured | null };

/**
 * Trains epoch by epoch and tells of every batch. The event loop turns between batches, and whoever reads decides when
 * the next one comes: not reading pauses, leaving ends it, between two batches in either case. The order of an epoch
 * is decided by (seed, epoch). Loss and accuracy of an epoch are means over its images, as Keras' `fit` shows them.
 *
 * Fails: `train/not-finite` at the first batch whose loss is NaN or infinite, held-out ones among them.
 */
export async function* trainingLoop(parts: LoopParts): AsyncGenerator<LoopEvent, void> {
  const { network, optimizer, batches, train, validation, epochs, seed, ready, busy } = parts;
  const perEpoch = batches.count(train.length);
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const places = permutation(train.length, seed, epoch);
    const order = Uint32Array.from(places, (place) => train[place] ?? 0);
    const sum = new Sum();
    for (let batch = 0; batch < perEpoch; batch++) {
      step += 1;
      const images = Math.min(batches.size, order.length - batch * batches.size);
      await ready();
      const measured = during(busy('training step'), () =>
        readStep(images, () => trainingStep(network, optimizer, batches.read(order, batch), tf.scalar(step, 'int32'))),
      );
      if (!Number.isFinite(measured.loss)) throw notFinite(measured.loss, `in epoch ${epoch}, batch ${batch + 1}`);
      sum.add(measured, images);
      const record = { step, epoch, batch: batch + 1, batches: perEpoch, ...measured };
      yield { kind: 'batch', record, images, running: sum.mean };
      await breathe();
    }
    const trained = sum.mean;
    let held: Measured | null = null;
    if (validation.length > 0) {
      const measuring = measure(network, batches, validation, busy);
      for (;;) {
        const next = await measuring.next();
        if (next.done) {
          held = next.value;
          break;
        }
        yield { kind: 'validating', epoch, images: next.value };
      }
    }
    yield { kind: 'epoch', epoch, train: trained, validation: held };
  }
}

/** Loss and accuracy over these images; yields the number done after each batch. Fails: `train/not-finite`. */
export async function* measure(
  network: Network,
  batches: Batches,
  order: Uint32Array,
  busy: LoopParts['busy'],
): AsyncGenerator<number, Measured> {
  const sum = new Sum();
  for (let batch = 0; batch < batches.count(order.length); batch++) {
    const images = Math.min(batches.size, order.length - batch * batches.size);
    const measured = during(busy('evaluation step'), () =>
      readStep(images, () => evaluationStep(network, batches.read(order, batch))),
    );
    if (!Number.isFinite(measured.loss)) throw notFinite(measured.loss, 'on images that it does not train on');
    sum.add(measured, images);
    yield sum.images;
    await breathe();
  }
  return sum.mean;
}

/** Runs one step, reads its two numbers and leaves no tensor behind. */
function readStep(images: number, step: () => StepResult): Measured {
  return tf.tidy(() => {
    const { loss, correct } = step();
    return { loss: loss.dataSync()[0] ?? NaN, accuracy: (correct.dataSync()[0] ?? 0) / images };
  }) as unknown as Measured;
}

class Sum {
  images = 0;
  #loss = 0;
  #right = 0;

  add({ loss, accuracy }: Measured, images: number): void {
    this.images += images;
    this.#loss += loss * images;
    this.#right += accuracy * images;
  }

  get mean(): Measured {
    return { loss: this.#loss / this.images, accuracy: this.#right / this.images };
  }
}

function during<T>(done: () => void, work: () => T): T {
  try {
    return work();
  } finally {
    done();
  }
}

function notFinite(loss: number, where: string): AppError {
  const value = Number.isNaN(loss) ? 'NaN' : 'infinite';
  return new AppError('train/not-finite', `The loss became ${value} ${where}.`, { loss: value });
}
