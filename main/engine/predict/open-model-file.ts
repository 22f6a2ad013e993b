import path from 'node:path';
import type { ClassName, KnownModel } from '#contract/models.ts';
import { problemOf, refused } from '#engine/model/formats/file-problem.ts';
import { readModelFile, type ReadModel } from '#engine/model/formats/read-model-file.ts';
import { networkOf } from '#engine/model/network.ts';
import type { OwnModels } from '#engine/model/own-models.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { placeLayers } from '#engine/model/placement.ts';
import { resolved, withUnits, type NetworkData, type NetworkSpec } from '#engine/model/spec.ts';
import { imagenetClasses } from '#engine/model/zoo/imagenet.ts';
import { invalidCall, refuseOddPixels, type Opening } from './model-words.ts';
import { savedModelFolder, type SavedModels } from './saved-models.ts';

/** What opening takes from the room and the shelf. */
export interface OpeningParts {
  readonly ownModels: Pick<OwnModels, 'save' | 'known'>;
  readonly savedModels: Pick<SavedModels, 'save' | 'known'>;
  /** A preset, an own network or one of the zoo. Fails: `model/unknown-preset`. */
  network(id: string): NetworkSpec;
  /** Settles when tensors can be computed. */
  ready(): Promise<void>;
}

/**
 * Takes a model file into the project.
 * Fails: as `readModelFile`, `model/weights-differ`, `call/invalid` where names or pixels do not fit the network, `file/…`.
 */
export async function openModelFile(parts: OpeningParts, asked: Opening, signal?: AbortSignal): Promise<KnownModel> {
  const saved = await savedModelFolder(asked.path);
  if (saved !== null) {
    await parts.ready();
    return parts.savedModels.known(await parts.savedModels.save(saved, asked, signal));
  }
  const read = await readModelFile(asked.path, signal);
  const model = await completed(parts, read, asked);
  const outputs = outputsOf(model.spec);
  const classes = namesFor(asked, outputs) ?? model.classes;
  const pixels = asked.pixels ?? model.pixels;
  refuseOddPixels(pixels, model.spec.input[2]);
  signal?.throwIfAborted();
  const { look } = read;
  const id = await parts.ownModels.save(
    { ...model, classes, pixels },
    {
      name: asked.name?.trim() || look.name,
      origin: { file: path.basename(asked.path), format: look.format, notes: look.notes },
      ...(read.fit && { fit: read.fit }),
    },
  );
  return parts.ownModels.known(id);
}

/** With weights: those of the file onto its own network or the one that was asked for, or for a bare architecture new ones. */
async function completed(parts: OpeningParts, read: ReadModel, asked: Opening): Promise<PortableModel> {
  if (read.model) {
    if (read.model.weights.length > 0 || read.look.format !== 'architecture') return read.model;
    await parts.ready();
    return { ...read.model, weights: freshWeights(read.model.spec) };
  }
  if (asked.network === undefined) {
    throw problemOf(refused('it has weights alone; say which network they belong to'), asked.path);
  }
  const network = parts.network(asked.network);
  const [height, width, channels] = network.input;
  const spec = resolved(network, { height, width, channels });
  const { classes, weights } = (await read.weightsFor?.(spec)) ?? { classes: 0, weights: [] };
  return { spec: withUnits(spec, classes), pixels: { kind: spec.preprocessing }, classes: [], weights };
}

function freshWeights(spec: NetworkData): PortableModel['weights'] {
  const [height, width, channels] = spec.input;
  const network = networkOf(spec, { height, width, channels, classes: outputsOf(spec) }, 1);
  try {
    return network.variables.map(({ name, variable }) => ({
      name,
      shape: variable.shape,
      values: variable.dataSync<'float32'>().slice(),
    }));
  } finally {
    network.dispose();
  }
}

function outputsOf(spec: NetworkData): number {
  const [height, width, channels] = spec.input;
  return placeLayers(spec, { height, width, channels, classes: 0 }).at(-1)?.facts.outputShape[0] ?? 0;
}

function namesFor({ classes }: Opening, outputs: number): readonly ClassName[] | null {
  if (classes === undefined) return null;
  const names = classes === 'imagenet' ? imagenetClasses() : classes;
  if (names.length === outputs) return names;
  throw invalidCall('classes', `${names.length} names received; the network has ${outputs} classes`);
}
