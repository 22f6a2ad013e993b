import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { className, pixelTreatment, type ClassName } from '#contract/models.ts';
import { tf } from '#engine/backend/tensors.ts';
import { elementTypes } from '#engine/graph/node.ts';
import { Session } from '#engine/graph/session.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { busy } from '#engine/pulse.ts';
import { prepare, type Pixels } from '../../pixels.ts';
import { damaged, problemOf, refused } from '../file-problem.ts';
import { readGraph, type FoundGraph, type FoundTensor } from './read-graph.ts';
import { refuseHarm } from './refuse-harm.ts';

/** A network that can be asked, and nothing else: its layers are not known. */
export interface SavedModel {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Values that it answers for an image. */
  readonly outputs: number;
  /** Those that Heatlens wrote say so; of others nothing is known. */
  readonly classes: readonly ClassName[];
  readonly pixels: Pixels | null;
  /** The graph does it itself. */
  readonly inside: boolean;
  /**
   * @param pixels [count, height, width, channel], 0…255
   * @param how they are treated before the graph; absent = as Heatlens said of it, or not at all
   * @returns [count, output], as the graph gives them
   */
  predict(pixels: Uint8Array, count: number, how?: Pixels): Float32Array;
  dispose(): void;
}

/** Protobuf knows no larger messages. */
const largestGraph = 2 ** 31;

const none: Pixels = { kind: 'none' };

const aboutOf = z.object({
  pixels: pixelTreatment,
  pixelsInside: z.boolean(),
  classes: z.array(className).max(100_000),
});

/**
 * A SavedModel by its signature `serving_default`: one input of images, float32, and one output of rows. Its operations
 * are looked at before TensorFlow gets to see the file. Only with TensorFlow.
 * Fails: `file/missing`, `file/unreadable`, `model/file-refused` naming the operation, `model/file-damaged`.
 */
export async function openSavedModel(folder: string): Promise<SavedModel> {
  const file = join(folder, 'saved_model.pb');
  try {
    const { size } = await stat(file);
    if (size >= largestGraph) throw damaged(`its graph has ${size} bytes, and 2 GB are the most there can be`);
    const graph = readGraph(await readFile(file));
    refuseHarm(graph);
    const { input, output, sides, outputs } = askedBy(graph);
    const about = await readAbout(folder);
    const session = sessionOf(folder);
    const [height, width, channels] = sides;
    return {
      ...{ height, width, channels, outputs },
      classes: about?.classes ?? [],
      pixels: about?.pixels ?? null,
      inside: about?.pixelsInside ?? false,
      predict: (pixels, count, how = about && !about.pixelsInside ? about.pixels : none) => {
        const shape = [count, height, width, channels] as const;
        const values = how.kind === 'none' ? Float32Array.from(pixels) : treated(pixels, shape, how);
        const fed = { tensor: input.tensor, type: 'float32', shape, values } as const;
        const done = busy('prediction');
        try {
          return (session.run([fed], [output.tensor])[0] ?? new Float32Array()) as Float32Array;
        } finally {
          done();
        }
      },
      dispose: () => session.dispose(),
    };
  } catch (thrown) {
    const known = problemOf(thrown, folder);
    throw (known as NodeJS.ErrnoException).syscall ? fileFailure(known, file, 'reading') : known;
  }
}

function askedBy({ signatures }: FoundGraph) {
  const signature = signatures.get('serving_default');
  if (!signature) throw refused('it has no signature "serving_default"');
  const [input, ...others] = signature.inputs;
  const [output, ...more] = signature.outputs;
  const [, height = -1, width = -1, channels = -1] = input?.shape ?? [];
  if (!input || others.length > 0 || input.shape?.length !== 4 || !isFloat(input)) {
    throw refused('its signature takes something else than images as one float32 tensor');
  }
  if (Math.min(height, width, channels) < 1) throw refused('its signature does not say how large images are');
  const outputs = output?.shape?.[1] ?? -1;
  if (!output || more.length > 0 || output.shape?.length !== 2 || outputs < 1 || !isFloat(output)) {
    throw refused('its signature gives something else than a row of float32 values for each image');
  }
  return { input, output, outputs, sides: [height, width, channels] as const };
}

const isFloat = ({ type }: FoundTensor) => type === elementTypes.float32;

/** What Heatlens said of a model of its own; anything else there is nobody's business. */
async function readAbout(folder: string): Promise<z.infer<typeof aboutOf> | null> {
  try {
    return aboutOf.parse(JSON.parse(await readFile(join(folder, 'assets.extra', 'heatlens.json'), 'utf8')));
  } catch {
    return null;
  }
}

function sessionOf(folder: string): Session {
  const done = busy('model');
  try {
    return new Session({ folder });
  } catch (thrown) {
    throw damaged(`TensorFlow does not load it (${thrown instanceof Error ? thrown.message : String(thrown)})`);
  } finally {
    done();
  }
}

function treated(pixels: Uint8Array, shape: readonly [number, number, number, number], how: Pixels): Float32Array {
  return tf.tidy(() => prepare(tf.tensor4d(Float32Array.from(pixels), [...shape]), how).dataSync<'float32'>());
}
