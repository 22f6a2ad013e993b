import { writeFile } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { busy } from '#engine/pulse.ts';
import type { PortableModel } from '../../portable.ts';
import { aboutModel } from '../operations/about.ts';
import { lower } from '../operations/lower.ts';
import { refuseTooLarge } from '../operations/too-large.ts';
import type { ModelWriter, WriteOptions } from '../writer.ts';
import { encodeOnnx } from './encode.ts';
import { OnnxGraph } from './graph.ts';
import { addNode, beyond } from './node-of.ts';

/** For ONNX Runtime and the many programs that read what it reads. */
export const onnxWriter: ModelWriter = {
  format: 'onnx',
  async write(model, path, options, signal) {
    const { bytes, notes } = await encode(model, options, signal);
    signal?.throwIfAborted();
    await writeFile(path, bytes, { signal });
    return { notes };
  },
};

/** Fails: `model/cannot-write`. */
async function encode(model: PortableModel, options: Pick<WriteOptions, 'pixels'>, signal?: AbortSignal) {
  refuseTooLarge(model, 'ONNX');
  const { input, output, operations, notes } = lower(model, options.pixels, beyond);
  const graph = new OnnxGraph();
  const fed = options.pixels === 'inside' ? 'pixels' : 'input';
  const answer = 'probabilities';
  graph.know(input, 'last', fed);
  for (const operation of operations) {
    addNode(graph, operation, operation.output === output ? answer : operation.name);
    await breathe(); // kernels are turned, which takes a while
    signal?.throwIfAborted();
  }
  const about = aboutModel(model, options);
  const metadata = Object.fromEntries(
    Object.entries(about).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  const done = busy('export');
  try {
    const bytes = encodeOnnx({
      ...{ name: model.spec.name, nodes: graph.nodes, initializers: graph.initializers, metadata },
      input: { name: fed, shape: input.shape },
      output: { name: answer, shape: output.shape },
    });
    return { bytes, notes };
  } finally {
    done();
  }
}
