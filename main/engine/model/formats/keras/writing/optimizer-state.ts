import type { PortableTraining } from '../../../portable.ts';
import type { NamedValues } from '../../../safetensors.ts';
import { kerasOptimizers, slotPairs } from '../optimizer-slots.ts';
import type { WritingPlan } from './plan.ts';

/** An optimizer's variables as Keras keeps them. */
export interface OptimizerState {
  /** Keras' name of the optimizer's scope. */
  readonly name: string;
  readonly step: number;
  readonly learningRate: number;
  /** In Keras' order; names without the optimizer's. */
  readonly slots: readonly NamedValues[];
}

/**
 * Null where slots are missing that Keras would want. Pixels' layers are never trained; weights of frozen layers have no slots.
 */
export function optimizerState({ layers }: WritingPlan, training: PortableTraining): OptimizerState | null {
  const trained = layers.flatMap(({ layer, weights }) =>
    weights.filter(({ trainable }) => trainable).map(({ name }) => ({ weight: `${layer.name}/${name}` })),
  );
  const kept = new Map(training.slots.map((slot) => [slot.name, slot]));
  const slots: NamedValues[] = [];
  const pairs = slotPairs(
    training.optimizer,
    trained.map(({ weight }) => weight),
  );
  for (const { keras, slot } of pairs) {
    const found = kept.get(slot);
    if (!found) return null;
    slots.push({ ...found, name: keras });
  }
  const { name, learningRate } = training.optimizer;
  return { name: kerasOptimizers[name].name, step: training.step, learningRate, slots };
}
