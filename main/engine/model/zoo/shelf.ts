import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { KnownModel } from '#contract/models.ts';
import type { ZooEntry } from '#contract/zoo.ts';
import { assetsFolder, cacheFolder } from '#engine/backend/places.ts';
import { placeLayers } from '../placement.ts';
import type { PortableModel } from '../portable.ts';
import { Damaged, readSafetensors, type NamedShape } from '../safetensors.ts';
import type { NetworkData } from '../spec.ts';
import { classCount, type ZooDefinition } from './definition.ts';
import { findDefinition, zoo } from './definitions.ts';
import { imagenetClasses } from './imagenet.ts';
import { unpackWeights } from './packed-weights.ts';

export interface ShelfOptions {
  /** Where fetched weights lie; absent = in the user's cache. */
  readonly folder?: string;
  readonly definitions?: readonly ZooDefinition[];
}

/** The zoo's models, and which of them have their weights on this machine. */
export class ZooShelf {
  readonly folder: string;
  readonly #definitions: readonly ZooDefinition[];

  constructor(options: ShelfOptions = {}) {
    this.folder = options.folder ?? path.join(cacheFolder(), 'zoo');
    this.#definitions = options.definitions ?? zoo;
  }

  entries(): ZooEntry[] {
    return this.#definitions.map((definition) => this.#entry(definition));
  }

  /** Fails: `zoo/unknown`. */
  entry(id: string): ZooEntry {
    return this.#entry(this.find(id));
  }

  has(id: string): boolean {
    return this.#definitions.some((each) => each.id === id);
  }

  /** Fails: `zoo/unknown`. */
  find(id: string): ZooDefinition {
    return this.#definitions.find((each) => each.id === id) ?? findDefinition(id);
  }

  here(id: string): ZooEntry['here'] {
    const definition = this.#definitions.find((each) => each.id === id);
    if (!definition) return 'no';
    if (!definition.weights) return 'inside';
    return statSync(this.file(id), { throwIfNoEntry: false }) ? 'cache' : 'no';
  }

  /** Where a model's weights lie, or would. */
  file(id: string): string {
    return this.find(id).weights ? path.join(this.folder, `${id}.safetensors`) : embedded(id);
  }

  /** Null where there is no such model or its weights are not here. */
  known(id: string): KnownModel | null {
    if (this.here(id) === 'no') return null;
    const definition = this.find(id);
    const { input, preprocessing } = definition.network();
    const [height, width, channels] = input;
    const { size, mtimeMs } = statSync(this.file(id));
    return {
      ref: id,
      kind: 'zoo',
      name: definition.name,
      classes: classCount,
      ...{ height, width, channels },
      parameters: definition.parameters,
      pixels: { kind: preprocessing },
      fit: 'crop',
      imagenet: true,
      revision: `${id}-${size}-${Math.floor(mtimeMs)}`,
    };
  }

  /**
   * The network with its weights, from disk.
   * Fails: `zoo/unknown`, `zoo/not-here`, `model/file-damaged`.
   */
  async portable(id: string): Promise<PortableModel> {
    const definition = this.find(id);
    if (this.here(id) === 'no') {
      const message = `The weights of ${definition.name} are not on this machine; fetch them first.`;
      throw new AppError('zoo/not-here', message, { model: definition.name });
    }
    const spec = definition.network();
    const file = this.file(id);
    const weights = definition.weights
      ? await readSafetensors(file, id, weightsOf(spec)).catch((thrown: unknown) => {
          throw thrown instanceof AppError ? damaged(file, thrown.message, thrown) : thrown;
        })
      : await readEmbedded(file, weightsOf(spec));
    return { spec, pixels: { kind: spec.preprocessing }, classes: imagenetClasses(), weights };
  }

  #entry(definition: ZooDefinition): ZooEntry {
    const { id, name, family, top1, top5, parameters, depth, source } = definition;
    const { input, preprocessing } = definition.network();
    const [height, width] = input;
    const megabytes = (4 * parameters) / 1e6;
    const here = this.here(id);
    return {
      ...{ id, name, family, megabytes, top1, top5, parameters, depth, height, width, preprocessing, source, here },
      // Its names and shapes are some kilobytes more.
      download: definition.weights ? 4 * parameters : 0,
    };
  }
}

/** Of every variable of a network, as it is named and shaped. */
export function weightsOf(spec: NetworkData, classes = classCount): NamedShape[] {
  const [height, width, channels] = spec.input;
  return placeLayers(spec, { height, width, channels, classes }).flatMap(({ layer, facts }) =>
    facts.weights.map(({ name, shape }) => ({ name: `${layer.name}/${name}`, shape })),
  );
}

const embedded = (id: string) => path.join(assetsFolder(), 'models', `${id}.safetensors`);

async function readEmbedded(file: string, expected: readonly NamedShape[]) {
  const content = await readFile(file).catch((thrown: unknown) => {
    throw damaged(file, thrown instanceof Error ? thrown.message : String(thrown), thrown);
  });
  try {
    return unpackWeights(content, expected);
  } catch (thrown) {
    throw thrown instanceof Damaged ? damaged(file, thrown.message, thrown) : thrown;
  }
}

function damaged(file: string, reason: string, cause: unknown): AppError {
  return new AppError('model/file-damaged', `${file} cannot be used: ${reason}.`, { file, reason }, cause);
}
