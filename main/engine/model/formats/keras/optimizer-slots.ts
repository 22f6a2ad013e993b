import type { OptimizerName, OptimizerSettings } from '#contract/training-settings.ts';
import { optimizerDefaults } from '#contract/training-settings.ts';

/** A variable of an optimizer of Keras and ours that holds the same. */
export interface SlotPair {
  /** As in legacy files, without the optimizer's own name: `dense_kernel_momentum`. */
  readonly keras: string;
  /** As `makeOptimizer` names it: `dense/kernel/momentum`. */
  readonly slot: string;
  /** The weight it belongs to; null for what all share. */
  readonly weight: string | null;
}

/** Of every optimizer, before the slots: updates done (int64) and the learning rate. */
export const kerasOwnVariables = ['iteration', 'learning_rate'] as const;

/** Keras' names of classes and of their variables' scope; keras/src/optimizers/*.py */
export const kerasOptimizers: Readonly<Record<OptimizerName, { readonly className: string; readonly name: string }>> = {
  sgd: { className: 'SGD', name: 'sgd' },
  rmsprop: { className: 'RMSprop', name: 'rm_sprop' },
  adagrad: { className: 'Adagrad', name: 'adagrad' },
  adadelta: { className: 'Adadelta', name: 'adadelta' },
  adam: { className: 'Adam', name: 'adam' },
  adamw: { className: 'AdamW', name: 'adam_w' },
  adamax: { className: 'Adamax', name: 'adamax' },
  nadam: { className: 'Nadam', name: 'nadam' },
};

/** One for each weight and purpose. */
interface Kind {
  readonly keras: string;
  readonly ours: string;
}
const kind = (keras: string, ours = keras): Kind => ({ keras, ours });
const moments = [kind('momentum'), kind('velocity')];

/** Rows of kinds that Keras makes together, weight by weight; the next row begins again at the first weight. */
function rowsOf(settings: OptimizerSettings): readonly (readonly Kind[])[] {
  const { name, momentum = 0, centered = false } = { ...optimizerDefaults[settings.name], ...settings };
  switch (name) {
    case 'sgd':
      return momentum > 0 ? [[kind('momentum')]] : [];
    case 'rmsprop':
      return [
        [kind('velocity')],
        ...(momentum > 0 ? [[kind('momentum')]] : []),
        ...(centered ? [[kind('average_gradient', 'average')]] : []),
      ];
    case 'adagrad':
      return [[kind('accumulator')]];
    case 'adadelta':
      return [[kind('accumulated_grad', 'accumulatedGradient'), kind('accumulated_delta_var', 'accumulatedChange')]];
    case 'adamax':
      return [[kind('momentum'), kind('norm')]];
    case 'adam':
    case 'adamw':
    case 'nadam':
      return [moments];
  }
}

/**
 * The optimizer's variables of Keras in their order, after `kerasOwnVariables`, with the names of our slots.
 *
 * @param weights those that are trained, `<layer>/<weight>`, in Keras' order
 */
export function slotPairs(settings: OptimizerSettings, weights: readonly string[]): SlotPair[] {
  const pairs = rowsOf(settings).flatMap((row) =>
    weights.flatMap((weight) =>
      row.map(({ keras, ours }) => ({
        weight,
        keras: `${weight.replace('/', '_')}_${keras}`,
        slot: `${weight}/${ours}`,
      })),
    ),
  );
  // nadam.py: the product of all momenta so far is made last, and has no name of its own.
  return settings.name === 'nadam' ? [...pairs, { weight: null, keras: 'variable', slot: 'nadam/product' }] : pairs;
}
