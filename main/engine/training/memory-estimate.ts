import { AppError } from '#contract/failures.ts';
import type { ModelSummary } from '#contract/model.ts';
import type { OptimizerSettings, Preflight } from '#contract/training.ts';
import type { MachineMemory } from '#engine/backend/machine-memory.ts';
import { layersOf, type NetworkSpec } from '#engine/model/spec.ts';

/**
 * What a step holds at most for each number that a layer gives. One that has an activation of its own also holds the
 * numbers before it and before the bias, and gradients of them. By the peaks of resident memory with TensorFlow on a
 * processor: 1.3 of the estimate for tutorial-cnn, 1.2 for mnist-cnn and vgg-11, 1.1 for resnet-18, each in a process of
 * its own (test/parity/preflight.test.ts).
 */
const held = { plain: 2, activated: 4.5 };
const bytes = 4;

/** Bytes that a run computes with. */
export interface MemoryEstimate {
  readonly weights: number;
  readonly slots: number;
  readonly gradients: number;
  /** Of one image. */
  readonly image: number;
}

/** @param compiled steps are graphs: then TensorFlow's session has weights and slots of its own, beside the network's */
export function memoryOf(
  { spec, model }: { readonly spec: NetworkSpec; readonly model: ModelSummary },
  optimizer: OptimizerSettings,
  compiled: boolean,
): MemoryEstimate {
  const [height, width] = model.input.map((length) => length ?? 1);
  const activated = new Set(
    layersOf(spec, { height: height ?? 1, width: width ?? 1 }).flatMap((layer) =>
      layer.kind !== 'Activation' && 'activation' in layer && layer.activation !== 'linear' ? [layer.name] : [],
    ),
  );
  const outputs = model.layers.reduce(
    (sum, { name, outputShape }) => sum + product(outputShape) * (activated.has(name) ? held.activated : held.plain),
    0,
  );
  const copies = compiled ? 2 : 1;
  return {
    weights: model.parameters * bytes * copies,
    slots: model.trainable * bytes * slotsPerWeight(optimizer) * copies,
    gradients: model.trainable * bytes,
    image: (product(model.input) + outputs) * bytes,
  };
}

export const fixedBytes = ({ weights, slots, gradients }: MemoryEstimate) => weights + slots + gradients;

/** The largest batch, a power of two and no more than the images, that fits in three quarters of this; 0 when none does. */
export function advisedBatch(estimate: MemoryEstimate, memory: number, images: number): number {
  const fit = Math.min((0.75 * memory - fixedBytes(estimate)) / estimate.image, images);
  return fit < 1 ? 0 : 2 ** Math.floor(Math.log2(fit));
}

/** Fails: `train/out-of-memory` when the machine could not hold such a batch even if nothing else ran on it. */
export function refuseTooLarge(estimate: MemoryEstimate, batch: number, images: number, memory: MachineMemory): void {
  const needed = fixedBytes(estimate) + Math.min(batch, images) * estimate.image;
  if (needed <= memory.total) return;
  const advised = advisedBatch(estimate, memory.free, images);
  const details = { needed: gigabytes(needed), total: gigabytes(memory.total), batch, advised };
  throw new AppError(
    'train/out-of-memory',
    `A step with ${batch} images needs about ${details.needed} GB; the machine has ${details.total} GB. ` +
      (advised > 0 ? `A batch of ${advised} fits.` : 'Not even one image at a time fits in what is free.'),
    details,
  );
}

/** How many values each optimizer remembers for a weight. */
export function slotsPerWeight({ name, momentum = 0, centered = false }: OptimizerSettings): number {
  switch (name) {
    case 'sgd':
      return momentum > 0 ? 1 : 0;
    case 'rmsprop':
      return 1 + (momentum > 0 ? 1 : 0) + (centered ? 1 : 0);
    case 'adagrad':
      return 1;
    default:
      return 2;
  }
}

/** Bytes as they are told: what is not the step's batch is apart from what is. */
export function memoryFigures(estimate: MemoryEstimate, batch: number, free: number): Preflight['memory'] {
  const { weights, slots, gradients, image } = estimate;
  return { weights, slots, gradients, activations: image * batch, free };
}

const product = (shape: readonly (number | null)[]) => shape.reduce<number>((size, length) => size * (length ?? 1), 1);
const gigabytes = (size: number) => Math.round(size / 1e8) / 10;
