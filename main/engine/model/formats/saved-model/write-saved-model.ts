import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { shape, type } from '#engine/graph/node.ts';
import { writeSavedModel, type Signature } from '#engine/graph/writer.ts';
import { busy } from '#engine/pulse.ts';
import { placeLayers } from '../../placement.ts';
import type { PortableModel } from '../../portable.ts';
import { lower } from '../operations/lower.ts';
import { refuseTooLarge } from '../operations/too-large.ts';
import type { ModelWriter, WriteOptions } from '../writer.ts';
import { aboutModel } from '../operations/about.ts';
import { writeBundle, type Bundled } from './bundle.ts';
import { beyond, nodeOf } from './node-of.ts';
import { Nodes } from './nodes.ts';
import { addRestore } from './restore.ts';

/** A folder for TensorFlow Serving, `tf.saved_model.load` and every program with TensorFlow in it. */
export const savedModelWriter: ModelWriter = {
  format: 'saved-model',
  async write(model, path, options, signal) {
    const { graph, bundled, notes } = encodeSavedModel(model, options);
    signal?.throwIfAborted();
    await mkdir(join(path, 'variables'), { recursive: true });
    await writeFile(join(path, 'saved_model.pb'), graph);
    await breathe();
    if (bundled.length > 0) await writeBundle(join(path, 'variables', 'variables'), bundled, signal);
    await mkdir(join(path, 'assets.extra'));
    const about = `${JSON.stringify(aboutModel(model, options), null, 2)}\n`;
    await writeFile(join(path, 'assets.extra', 'heatlens.json'), about);
    return { notes };
  },
};

/** Fails: `model/cannot-write` when weights as constants are too large for one file. */
export function encodeSavedModel(
  model: PortableModel,
  { pixels, weights }: Pick<WriteOptions, 'pixels' | 'weights'>,
): { graph: Uint8Array; bundled: readonly Bundled[]; notes: readonly string[] } {
  const { input, output, operations, notes } = lower(model, pixels, beyond);
  if (weights === 'constants') refuseTooLarge(model, 'SavedModel', '; with variables it can be written');
  const own = new Set(weights === 'variables' ? model.weights : []);
  const nodes = new Nodes((constant) => own.has(constant));
  const name = inputNameOf(pixels);
  const images = [-1, ...input.shape];
  const placeholder = { dtype: type('float32'), shape: shape(images) };
  const fed = nodes.add(`serving_default_${name}`, 'Placeholder', [], placeholder);
  nodes.know(input, fed);
  for (const operation of operations) nodes.know(operation.output, nodeOf(nodes, operation));
  const answer = nodes.add('probabilities', 'Identity', [nodes.of(output)], { T: type('float32') });
  const signature: Signature = {
    inputs: { [name]: { tensor: fed, type: 'float32', shape: images } },
    outputs: { probabilities: { tensor: answer, type: 'float32', shape: [-1, ...output.shape] } },
  };
  if (nodes.variables.size === 0) {
    const done = busy('export');
    try {
      return { graph: writeSavedModel(nodes.nodes, { signature }), bundled: [], notes };
    } finally {
      done();
    }
  }
  const { restored, bundled } = addRestore(nodes, trainableOf(model));
  return { graph: writeSavedModel(nodes.nodes, { signature, restored }), bundled, notes };
}

/** What the file's input is called: pixels as they are, or what has been made of them. */
export const inputNameOf = (pixels: WriteOptions['pixels']) => (pixels === 'inside' ? 'pixels' : 'input');

function trainableOf({ spec, classes }: PortableModel): (key: string) => boolean {
  const [height, width, channels] = spec.input;
  const placed = placeLayers(spec, { height, width, channels, classes: Math.max(1, classes.length) });
  const trainable = new Set(
    placed.flatMap(({ layer, facts }) =>
      facts.weights.filter((weight) => weight.trainable).map(({ name }) => `${layer.name}/${name}`),
    ),
  );
  return (key) => trainable.has(key);
}
