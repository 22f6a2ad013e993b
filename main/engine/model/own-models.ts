import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { className, modelRef, photoFit, pixelTreatment, type KnownModel } from '#contract/models.ts';
import { networkSpec } from '#contract/network.ts';
import { lossSettings, optimizerSettings } from '#contract/training-settings.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import type { OwnNetworks } from './own-networks.ts';
import type { PortableModel } from './portable.ts';
import { product } from './layers/shapes.ts';
import { Damaged, decodeSafetensors, writeSafetensors, type NamedShape, type NamedValues } from './safetensors.ts';

const named = z.array(z.object({ name: z.string(), shape: z.array(z.number().int().nonnegative()) }));

/** `models/<id>.json`; the values lie beside it in `<id>.safetensors`: weights, then the optimizer's slots. */
const modelFile = z.object({
  /** Raised when the files change their meaning. */
  version: z.literal(1),
  id: modelRef,
  name: z.string(),
  /** As it was read: the network that the editor has may have been changed since. */
  spec: networkSpec,
  pixels: pixelTreatment,
  classes: z.array(className),
  fit: photoFit,
  origin: z.object({ file: z.string(), format: z.string(), notes: z.array(z.string()) }),
  opened: z.string(),
  weights: named,
  training: z
    .object({ optimizer: optimizerSettings, loss: lossSettings.optional(), step: z.number().int(), slots: named })
    .optional(),
  /** Of the values. */
  sha256: z.string(),
});
export type OwnModel = z.infer<typeof modelFile>;

export interface AboutModel extends Pick<OwnModel, 'name' | 'origin'> {
  readonly fit?: OwnModel['fit'];
}

/** What a person may say of a model; what is absent stays. */
export interface ModelChange {
  readonly name?: string | undefined;
  readonly pixels?: OwnModel['pixels'] | undefined;
  readonly classes?: OwnModel['classes'] | undefined;
  readonly fit?: OwnModel['fit'] | undefined;
}

/** What is known of a model after that. Fails: `call/invalid` when there are more or fewer names than classes. */
export function described<Known extends Pick<OwnModel, 'name' | 'pixels' | 'classes' | 'fit'>>(
  before: Known,
  { name, pixels, classes, fit }: ModelChange,
): Known {
  if (classes && classes.length !== before.classes.length) {
    const problem = `${classes.length} names received; the network has ${before.classes.length} classes`;
    throw new AppError('call/invalid', `\`classes\`: ${problem}.`, { field: 'classes', problem });
  }
  return {
    ...before,
    ...(name !== undefined && { name }),
    ...(pixels && { pixels }),
    ...(classes && { classes }),
    ...(fit && { fit }),
  };
}

/** Models that came from files. Each is also an own network of the same id, which the editor and training see. */
export class OwnModels {
  readonly #project: Project;
  readonly #networks: OwnNetworks;
  readonly #models = new Map<string, OwnModel>();

  private constructor(project: Project, networks: OwnNetworks) {
    this.#project = project;
    this.#networks = networks;
  }

  /** A file that cannot be read hides no other; `report` hears of it. */
  static async open(
    project: Project,
    networks: OwnNetworks,
    report: (thrown: unknown) => void = () => undefined,
  ): Promise<OwnModels> {
    const models = new OwnModels(project, networks);
    const names = (await ifPresent(readdir(models.#folder))) ?? [];
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
    await Promise.all(ids.map((id) => models.#load(id).catch(report)));
    return models;
  }

  /** Newest first. */
  list(): OwnModel[] {
    return [...this.#models.values()].sort((a, b) => b.opened.localeCompare(a.opened) || a.id.localeCompare(b.id));
  }

  has(id: string): boolean {
    return this.#models.has(id);
  }

  /** Fails: `model/unknown`. */
  find(id: string): OwnModel {
    const found = this.#models.get(id);
    if (!found) throw new AppError('model/unknown', `There is no model "${id}" in this project.`, { model: id });
    return found;
  }

  known(id: string): KnownModel {
    const { spec, name, classes, pixels, fit, origin, sha256, weights } = this.find(id);
    const [height, width, channels] = spec.input;
    return {
      ...{ ref: id, kind: 'file', name, classes: classes.length, height, width, channels },
      parameters: weights.reduce((sum, { shape }) => sum + product(shape), 0),
      ...{ pixels, fit, imagenet: isImagenet(classes), origin },
      revision: `${sha256.slice(0, 16)}-${JSON.stringify(pixels)}`,
    };
  }

  /** Keeps a model. Fails: `file/no-space`, `file/not-writable`; nothing is kept then. */
  async save(model: PortableModel, { name, origin, fit }: AboutModel): Promise<string> {
    await mkdir(this.#folder, { recursive: true }).catch((error: unknown) => {
      throw fileFailure(error, this.#folder, 'writing');
    });
    const { id } = await this.#networks.save({ ...model.spec, name });
    try {
      const { spec, pixels, classes, weights, training } = model;
      const slots = training?.slots ?? [];
      const sha256 = await writeSafetensors(this.#values(id), [...weights, ...slots.map(inSlots)]);
      const kept: OwnModel = {
        ...{ version: 1, id, name, spec: { ...spec, id, name }, origin, sha256 },
        pixels: pixels.kind === 'standardize' ? pixels : { kind: pixels.kind },
        classes: classes.length > 0 ? [...classes] : numbered(weights, spec),
        fit: fit ?? (spec.input[2] === 1 ? 'pad' : 'crop'),
        opened: new Date().toISOString(),
        weights: weights.map(shapeOf),
        ...(training && { training: { ...training, slots: slots.map(shapeOf) } }),
      };
      await this.#write(kept);
    } catch (thrown) {
      await this.#networks.discard(id).catch(() => undefined);
      throw thrown;
    }
    return id;
  }

  /** All there is of it. Fails: `model/unknown`, `model/file-damaged`. */
  async portable(id: string): Promise<PortableModel> {
    const { spec, pixels, classes, weights, training } = this.find(id);
    const values = await this.#read(id);
    const taken = (wanted: readonly NamedShape[], prefix = ''): NamedValues[] =>
      wanted.map(({ name, shape }) => {
        const found = values.get(prefix + name);
        if (found?.shape.join() !== shape.join())
          throw damaged(this.#values(id), `${name} is not in it as it should be`);
        return { name, shape, values: found.values };
      });
    const model = { spec, pixels, classes, weights: taken(weights) };
    if (!training) return model;
    const { loss, ...rest } = training;
    return { ...model, training: { ...rest, ...(loss && { loss }), slots: taken(training.slots, slotPrefix) } };
  }

  /** Fails: `model/unknown`, `call/invalid` when there are more or fewer names than classes. */
  async describe(id: string, change: ModelChange): Promise<void> {
    await this.#write(described(this.find(id), change));
  }

  async discard(id: string): Promise<void> {
    this.find(id);
    await toTrash(this.#project, 'models', `${id}.json`);
    await toTrash(this.#project, 'models', `${id}.safetensors`);
    this.#models.delete(id);
    await this.#networks.discard(id).catch(() => undefined); // it may have gone before
  }

  /** Fails: `model/unknown` when it is not in the trash. */
  async restore(id: string): Promise<void> {
    if (!modelRef.safeParse(id).success || this.#models.has(id)) return;
    try {
      await fromTrash(this.#project, 'models', `${id}.safetensors`);
      await fromTrash(this.#project, 'models', `${id}.json`);
    } catch (thrown) {
      throw new AppError('model/unknown', `There is no model "${id}" in the trash.`, { model: id }, thrown);
    }
    await this.#load(id);
    await this.#networks.restore(id).catch(() => undefined);
  }

  get #folder(): string {
    return join(this.#project.folder, 'models');
  }

  #values(id: string): string {
    return join(this.#folder, `${id}.safetensors`);
  }

  async #write(model: OwnModel): Promise<void> {
    await writeAtomic(join(this.#folder, `${model.id}.json`), `${JSON.stringify(model, null, 2)}\n`);
    this.#models.set(model.id, model);
  }

  async #load(id: string): Promise<void> {
    const text = await readFile(join(this.#folder, `${id}.json`), 'utf8');
    const found = modelFile.parse(JSON.parse(text));
    await stat(this.#values(id));
    this.#models.set(id, { ...found, id });
  }

  async #read(id: string): Promise<Map<string, NamedValues>> {
    const file = this.#values(id);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw fileFailure(error, file, 'reading');
    });
    try {
      const { tensors } = await decodeSafetensors(bytes);
      return new Map(tensors.map((each) => [each.name, each]));
    } catch (thrown) {
      if (!(thrown instanceof Damaged)) throw thrown;
      throw damaged(file, thrown.message);
    }
  }
}

/** No layer is called so: names of layers have no colon. */
const slotPrefix = 'optimizer:';
const inSlots = (slot: NamedValues): NamedValues => ({ ...slot, name: slotPrefix + slot.name });
const shapeOf = ({ name, shape }: NamedShape) => ({ name, shape: [...shape] });

const damaged = (file: string, reason: string) =>
  new AppError('model/file-damaged', `${file} cannot be used: ${reason}.`, { file, reason });

/** Names for classes that nobody named: their numbers. */
function numbered(weights: PortableModel['weights'], { layers }: PortableModel['spec']) {
  const last = layers.findLast((layer) => layer.kind === 'Dense' || layer.kind === 'Conv2D');
  const units = last?.kind === 'Dense' ? last.units : last?.kind === 'Conv2D' ? last.filters : 0;
  const count = typeof units === 'number' ? units : (weights.at(-1)?.shape.at(-1) ?? 0);
  return Array.from({ length: count }, (_, index) => ({ label: String(index) }));
}

/** By the ids of the first and the last: goldfish's kin and toilet tissue. */
export const isImagenet = (classes: readonly { id?: string | undefined }[]): boolean =>
  classes.length === 1000 && classes[0]?.id === 'n01440764' && classes[999]?.id === 'n15075141';
