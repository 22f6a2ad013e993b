import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { className, photoFit, pixelTreatment, type KnownModel, type ModelLook } from '#contract/models.ts';
import { openSavedModel } from '#engine/model/formats/saved-model/open-saved-model.ts';
import { described, isImagenet, type ModelChange } from '#engine/model/own-models.ts';
import { freeId } from '#engine/model/own-networks.ts';
import { imagenetClasses } from '#engine/model/zoo/imagenet.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import { invalidCall, refuseOddPixels, type Opening } from './model-words.ts';
import { AskedModel } from './asked-model.ts';

/** `saved-models/<id>/about.json`; beside it the model as it came, in `model/`. */
const aboutFile = z.object({
  version: z.literal(1),
  name: z.string(),
  height: z.number().int(),
  width: z.number().int(),
  channels: z.number().int(),
  pixels: pixelTreatment,
  classes: z.array(className),
  fit: photoFit,
  origin: z.object({ file: z.string(), format: z.string(), notes: z.array(z.string()) }),
  opened: z.string(),
});
type About = z.infer<typeof aboutFile>;

/** What all their ids begin with. */
export const savedPrefix = 'saved-';
/** What belongs to a SavedModel; anything else in its folder is left where it is. */
const parts = ['saved_model.pb', 'variables', 'assets', 'assets.extra'] as const;
const note =
  'A SavedModel has operations but no layers: it can be asked, not trained, explained by gradients or exported.';

/** The folder of a SavedModel, where the path is one or its `saved_model.pb`; else null. */
export async function savedModelFolder(path: string): Promise<string | null> {
  const folder = basename(path) === 'saved_model.pb' ? dirname(path) : path;
  return (await stat(join(folder, 'saved_model.pb')).catch(() => null))?.isFile() ? folder : null;
}

/** What it is; TensorFlow must be ready. Fails: as `openSavedModel`. */
export async function lookAtSavedModel(folder: string): Promise<ModelLook> {
  const model = await openSavedModel(folder);
  try {
    const { height, width, channels, outputs, classes, pixels, inside } = model;
    const treatment = inside ? ({ kind: 'none' } as const) : pixels;
    return {
      ...{ path: folder, format: 'saved-model', name: basename(folder), notes: [note] },
      network: { height, width, channels, classes: outputs },
      ...(treatment && { pixels: treatment }),
      ...(classes.length === outputs && { classes: [...classes] }),
      bytes: await bytesIn(folder),
    };
  } finally {
    model.dispose();
  }
}

/** SavedModels taken into the project: models that can be asked, and nothing else. */
export class SavedModels {
  readonly #project: Project;
  readonly #models = new Map<string, About>();

  private constructor(project: Project) {
    this.#project = project;
  }

  /** One that cannot be read hides no other; `report` hears of it. */
  static async open(project: Project, report: (thrown: unknown) => void): Promise<SavedModels> {
    const models = new SavedModels(project);
    const ids = (await ifPresent(readdir(models.#folder))) ?? [];
    await Promise.all(ids.filter((id) => id.startsWith(savedPrefix)).map((id) => models.#load(id).catch(report)));
    return models;
  }

  /** Newest first. */
  list(): string[] {
    const all = [...this.#models].sort(([, a], [, b]) => b.opened.localeCompare(a.opened));
    return all.map(([id]) => id);
  }

  has(id: string): boolean {
    return this.#models.has(id);
  }

  /** Fails: `model/unknown`. */
  classes(id: string): About['classes'] {
    return this.#find(id).classes;
  }

  /** Fails: `model/unknown`. */
  known(id: string): KnownModel {
    const { name, height, width, channels, pixels, classes, fit, origin, opened } = this.#find(id);
    return {
      ...{ ref: id, kind: 'file', name, classes: classes.length, height, width, channels, parameters: 0 },
      ...{ pixels, fit, imagenet: isImagenet(classes), origin, revision: `${opened}-${JSON.stringify(pixels)}` },
    };
  }

  /** Ready to be asked; whoever opens it disposes of it. Fails: `model/unknown`, and as `openSavedModel`. */
  async ask(id: string, pixels: KnownModel['pixels'] = this.#find(id).pixels): Promise<AskedModel> {
    return new AskedModel(await openSavedModel(join(this.#folder, id, 'model')), pixels);
  }

  /** Copies it into the project. Fails: as `lookAtSavedModel`, `call/invalid`, `file/…`; nothing is kept then. */
  async save(folder: string, asked: Opening, signal?: AbortSignal): Promise<string> {
    const { network, pixels, classes: named, name } = await lookAtSavedModel(folder);
    if (!network) throw new Error('A SavedModel says how large its images are.');
    const { height, width, channels, classes: outputs } = network;
    const given = asked.classes === 'imagenet' ? imagenetClasses() : asked.classes;
    if (given && given.length !== outputs) {
      throw invalidCall('classes', `${given.length} names received; the network has ${outputs} classes`);
    }
    const about: About = {
      ...{ version: 1, name: asked.name?.trim() || name, height, width, channels },
      pixels: asked.pixels ?? pixels ?? { kind: 'none' },
      classes: [...(given ?? named ?? Array.from({ length: outputs }, (_, at) => ({ label: String(at) })))],
      fit: channels === 1 ? 'pad' : 'crop',
      origin: { file: basename(folder), format: 'saved-model', notes: [note] },
      opened: new Date().toISOString(),
    };
    refuseOddPixels(about.pixels, channels);
    const id = await this.#freeId(about.name);
    const place = join(this.#folder, id);
    try {
      await mkdir(join(place, 'model'), { recursive: true });
      for (const part of parts) {
        signal?.throwIfAborted();
        const there = await stat(join(folder, part)).catch(() => null);
        if (there) await cp(join(folder, part), join(place, 'model', part), { recursive: true, dereference: true });
      }
      await this.#write(id, about);
    } catch (thrown) {
      await rm(place, { recursive: true, force: true });
      throw thrown instanceof AppError || signal?.aborted ? thrown : fileFailure(thrown, place, 'writing');
    }
    return id;
  }

  /** Fails: `model/unknown`, `call/invalid`. */
  async describe(id: string, change: ModelChange): Promise<void> {
    await this.#write(id, described(this.#find(id), change));
  }

  async discard(id: string): Promise<void> {
    this.#find(id);
    await toTrash(this.#project, 'saved-models', id);
    this.#models.delete(id);
  }

  /** Fails: `model/unknown` when it is not in the trash. */
  async restore(id: string): Promise<void> {
    if (this.#models.has(id)) return;
    try {
      await fromTrash(this.#project, 'saved-models', id);
    } catch (thrown) {
      throw new AppError('model/unknown', `There is no model "${id}" in the trash.`, { model: id }, thrown);
    }
    await this.#load(id);
  }

  get #folder(): string {
    return join(this.#project.folder, 'saved-models');
  }

  #find(id: string): About {
    const found = this.#models.get(id);
    if (!found) throw new AppError('model/unknown', `There is no model "${id}" in this project.`, { model: id });
    return found;
  }

  async #write(id: string, about: About): Promise<void> {
    await writeAtomic(join(this.#folder, id, 'about.json'), `${JSON.stringify(about, null, 2)}\n`);
    this.#models.set(id, about);
  }

  async #load(id: string): Promise<void> {
    const text = await readFile(join(this.#folder, id, 'about.json'), 'utf8');
    this.#models.set(id, aboutFile.parse(JSON.parse(text)));
  }

  /** Also what lies in the trash keeps its id. */
  async #freeId(name: string): Promise<string> {
    const trash = (await ifPresent(readdir(join(this.#project.trashFolder, 'saved-models')))) ?? [];
    return freeId(savedPrefix, name, 'model', (id) => this.#models.has(id) || trash.includes(id));
  }
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
