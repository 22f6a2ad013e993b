import { scaleAndOffset } from './normalize.ts';
import type { Constant, Operation, Value, What } from './operation.ts';

type Convolution = Extract<What, { op: 'convolution' | 'depthwise' }>;

/**
 * Normalization by fixed statistics right behind a convolution is part of it: the filter times the scale, the bias times
 * the scale plus the offset (Jacob et al. 2018, §3.2; as `graph/fold-batch-norm.ts`). Only where nobody else wants what
 * lies between.
 */
export function foldNormalization(operations: readonly Operation[]): Operation[] {
  const users = countUsers(operations);
  const makers = new Map(operations.map((operation) => [operation.output.name, operation]));
  const folded = new Map<Operation, Operation | null>();
  for (const operation of operations) {
    const { what, inputs, output } = operation;
    const [input] = inputs;
    const maker = input && makers.get(input.name);
    if (what.op !== 'normalization' || !maker || users.get(maker.output.name) !== 1) continue;
    const { what: before } = maker;
    if (before.op !== 'convolution' && before.op !== 'depthwise') continue;
    folded.set(maker, null);
    folded.set(operation, { ...maker, output, name: operation.name, what: joined(before, what) });
  }
  return operations.flatMap((operation) => {
    const now = folded.get(operation);
    return now === undefined ? [operation] : now ? [now] : [];
  });
}

/** How often each value is taken. */
export function countUsers(operations: readonly Operation[]): ReadonlyMap<Value['name'], number> {
  const users = new Map<string, number>();
  for (const { inputs } of operations) for (const { name } of inputs) users.set(name, (users.get(name) ?? 0) + 1);
  return users;
}

function joined(convolution: Convolution, normalization: Extract<What, { op: 'normalization' }>): Convolution {
  const { kernel, bias } = convolution;
  const { scale, offset } = scaleAndOffset(normalization);
  // Channels that come out run fastest in both kinds of kernel.
  const values = kernel.values.map((value, at) => value * (scale[at % scale.length] ?? 1));
  const sums = Float32Array.from(scale, (factor, at) => (bias?.values[at] ?? 0) * factor + (offset[at] ?? 0));
  const added: Constant = { name: `${kernel.name}_bias`, shape: [sums.length], values: sums };
  return { ...convolution, kernel: { ...kernel, values }, bias: bias ? { ...bias, values: sums } : added };
}
