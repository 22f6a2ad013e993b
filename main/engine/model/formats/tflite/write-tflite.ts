import { writeFile } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { busy } from '#engine/pulse.ts';
import type { PortableModel } from '../../portable.ts';
import { aboutModel } from '../operations/about.ts';
import { countUsers, foldNormalization } from '../operations/fold-normalization.ts';
import { lower } from '../operations/lower.ts';
import type { Operation } from '../operations/operation.ts';
import { refuseTooLarge } from '../operations/too-large.ts';
import type { ModelWriter, WriteOptions } from '../writer.ts';
import { encodeLite } from './encode.ts';
import { LiteGraph } from './graph.ts';
import { encodeMetadata, labelsArchive } from './metadata.ts';
import { addNode, beyond, fusing, type Fused } from './node-of.ts';

/** For telephones and small devices, in single precision; one image at a time. */
export const tfliteWriter: ModelWriter = {
  format: 'tflite',
  async write(model, path, options, signal) {
    const { bytes, notes } = await encode(model, options, signal);
    signal?.throwIfAborted();
    const labels = model.classes.length > 0 ? await labelsArchive(model.classes) : new Uint8Array();
    await writeFile(path, [bytes, labels], { signal });
    return { notes };
  },
};

/** Fails: `model/cannot-write`. */
async function encode(model: PortableModel, options: Pick<WriteOptions, 'pixels'>, signal?: AbortSignal) {
  refuseTooLarge(model, 'TensorFlow Lite');
  const { input, output, operations, notes } = lower(model, options.pixels, beyond);
  const graph = new LiteGraph();
  const fed = options.pixels === 'inside' ? 'pixels' : 'input';
  graph.know(input, graph.tensor(fed, [1, ...input.shape]));
  for (const { operation, fused } of fuse(foldNormalization(operations))) {
    addNode(graph, operation, fused, operation.output === output ? 'probabilities' : operation.name);
    await breathe(); // kernels are turned, which takes a while
    signal?.throwIfAborted();
  }
  const about = aboutModel(model, options);
  const done = busy('export');
  try {
    const bytes = encodeLite({
      description: `${about.name}, written by Heatlens`,
      ...{ tensors: graph.tensors, nodes: graph.nodes },
      input: { name: fed, tensor: graph.of(input) },
      output: { name: 'probabilities', tensor: graph.of(output) },
      metadata: {
        min_runtime_version: Buffer.from('2.15.0'),
        TFLITE_METADATA: encodeMetadata(about),
        heatlens: Buffer.from(JSON.stringify(about)),
      },
    });
    return { bytes, notes };
  } finally {
    done();
  }
}

/** A Relu right behind an operation that can have it inside goes there. */
function fuse(operations: readonly Operation[]): { operation: Operation; fused: Fused }[] {
  const users = countUsers(operations);
  const takers = new Map(operations.flatMap((each) => each.inputs.map(({ name }) => [name, each] as const)));
  const gone = new Set<Operation>();
  return operations.flatMap((operation): { operation: Operation; fused: Fused }[] => {
    if (gone.has(operation)) return [];
    const taker = users.get(operation.output.name) === 1 ? takers.get(operation.output.name) : undefined;
    const how = taker?.what.op === 'unary' ? taker.what.how : null;
    if (!taker || !fusing.has(operation.what.op) || (how !== 'relu' && how !== 'relu6')) {
      return [{ operation, fused: 'none' }];
    }
    gone.add(taker);
    return [{ operation: { ...operation, name: taker.name, output: taker.output }, fused: how }];
  });
}
