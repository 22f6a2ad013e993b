import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { optimizerDefaults, type OptimizerName } from '#contract/training.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tensorflowBackend } from '#engine/backend/tensorflow.ts';
import { tf } from '#engine/backend/tensors.ts';
import { buildNetwork } from '#engine/model/network.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { trainingStep } from '#engine/training/step.ts';

beforeAll(() => loadBackend('tensorflow'));

/**
 * The native operations that happen during `act`, in order, with the values of every tensor that neither comes from
 * one of them nor is among those given: the constants that a trace would keep. Counts what is read meanwhile.
 */
function operations(given: readonly tf.TensorInfo[], act: () => void): { done: string[]; reads: number } {
  const backend = tensorflowBackend();
  const known = new Set(given.map(({ dataId }) => dataId));
  const done: string[] = [];
  const single = backend.executeSingleOutput.bind(backend);
  const multiple = backend.executeMultipleOutputs.bind(backend);
  const read = backend.readSync.bind(backend);
  const note = (name: string, inputs: readonly tf.TensorInfo[]) => {
    const constants = inputs.filter(({ dataId }) => !known.has(dataId));
    done.push([name, ...constants.map(({ dataId, shape }) => `[${shape.join()}] ${read(dataId).join()}`)].join(' '));
  };
  const made = <Outputs extends readonly tf.TensorInfo[]>(outputs: Outputs): Outputs => {
    for (const { dataId } of outputs) known.add(dataId);
    return outputs;
  };
  const spies = [
    vi.spyOn(backend, 'executeSingleOutput').mockImplementation((name, attributes, inputs) => {
      note(name, inputs);
      return made([single(name, attributes, inputs)] as const)[0];
    }),
    vi.spyOn(backend, 'executeMultipleOutputs').mockImplementation((name, attributes, inputs, outputs) => {
      note(name, inputs);
      return made(multiple(name, attributes, inputs, outputs));
    }),
  ];
  const reads = vi.spyOn(backend, 'readSync');
  act();
  const counted = reads.mock.calls.length;
  for (const spy of [...spies, reads]) spy.mockRestore();
  return { done, reads: counted };
}

test.each(Object.keys(optimizerDefaults) as OptimizerName[])(
  'a step with %s is a pure function of tensors and variables: steps differ in no constant and read nothing',
  (name) => {
    const network = buildNetwork('mnist-cnn', { height: 28, width: 28, channels: 1, classes: 10 }, 1);
    const optimizer = makeOptimizer({ ...optimizerDefaults[name] }, network.variables);
    const pixels = tf.fill([4, 28, 28, 1], 100) as tf.Tensor4D;
    const labels = tf.tensor1d([1, 2, 3, 4], 'int32');
    onTestFinished(() => {
      optimizer.dispose();
      network.dispose();
      tf.dispose([pixels, labels]);
    });
    const traced = [1, 2, 3].map((number) => {
      const step = tf.scalar(number, 'int32');
      const variables = [...network.variables, ...optimizer.slots].map(({ variable }) => variable);
      const trace = operations([step, pixels, labels, ...variables], () =>
        tf.dispose({ ...trainingStep(network, optimizer, { pixels, labels }, step) }),
      );
      step.dispose();
      return trace;
    });
    expect(traced[0]!.done.length).toBeGreaterThan(100);
    expect(traced[0]!.done.filter((line) => line.startsWith('StatelessRandomUniform'))).toHaveLength(2);
    expect(traced[1]).toEqual(traced[0]);
    expect(traced[2]).toEqual(traced[0]);
    expect(traced[0]!.reads).toBe(0);
  },
);
