import type { ClassName, KnownModel, ModelRef } from '#contract/models.ts';
import { AppError } from '#contract/failures.ts';
import type { RunSummary } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { isImagenet, type OwnModels } from '#engine/model/own-models.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { imagenetClasses } from '#engine/model/zoo/imagenet.ts';
import { busy } from '#engine/pulse.ts';
import type { Asking } from './asked-model.ts';
import { Inference } from './inference.ts';
import type { SavedModels } from './saved-models.ts';
import { runModel, runRevision, type RunParts } from './run-model.ts';

/** A model that can be asked. */
export interface AskableModel {
  readonly known: KnownModel;
  readonly classes: readonly ClassName[];
  readonly inference: Asking;
}

/** A model ready to compute. */
export interface OpenModel extends AskableModel {
  readonly network: Network;
  readonly inference: Inference;
}

/** What this takes from the zoo: models whose weights are on this machine. */
export interface Zoo {
  entries(): readonly { readonly id: string }[];
  /** Null where its weights are not here, or where there is no such model. */
  known(id: string): KnownModel | null;
  portable(id: string): Promise<PortableModel>;
}

export interface ModelsParts {
  readonly runs: RunParts & { list(): RunSummary[] };
  readonly own: OwnModels;
  readonly zoo: Zoo;
  readonly saved: Pick<SavedModels, 'list' | 'has' | 'known' | 'classes' | 'ask'>;
  /** Fails: `data/unknown-set`. */
  dataset(id: string): Promise<DataSet>;
  /** Settles when tensors can be computed. Fails: `engine/not-ready`. */
  ready(): Promise<void>;
}

/** Networks kept ready at once. */
const keptReady = 3;

interface Ready {
  readonly opening: Promise<OpenModel | AskableModel>;
  users: number;
  /** It left the ready ones: whoever uses it last frees it. */
  gone: boolean;
}

/** Models of every origin by their references; those used last stay ready. */
export class Models {
  readonly #parts: ModelsParts;
  /** By reference, revision and pixels; the one used last at the end. */
  readonly #ready = new Map<string, Ready>();

  constructor(parts: ModelsParts) {
    this.#parts = parts;
  }

  /** Runs with weights, newest first; models from files; what of the zoo is here. */
  async list(): Promise<KnownModel[]> {
    const { runs, own, saved, zoo } = this.#parts;
    const trained = runs.list().filter(({ epochsDone }) => epochsDone > 0);
    // One run that cannot be read hides no other.
    const ofRuns = await Promise.all(trained.map((run) => this.known(run.id).catch(() => null)));
    const here = zoo.entries().flatMap(({ id }) => zoo.known(id) ?? []);
    return [
      ...ofRuns.filter((each) => each !== null),
      ...own.list().map(({ id }) => own.known(id)),
      ...saved.list().map((id) => saved.known(id)),
      ...here,
    ];
  }

  /** Fails: `model/unknown`, `run/…`. */
  async known(ref: ModelRef): Promise<KnownModel> {
    const { own, saved, zoo, runs, dataset } = this.#parts;
    if (own.has(ref)) return own.known(ref);
    if (saved.has(ref)) return saved.known(ref);
    const ofZoo = zoo.known(ref);
    if (ofZoo) return ofZoo;
    const { run, portable, epochs } = await runModel(ref, runs, dataset);
    const { classes, pixels, spec } = await portable({ weights: false });
    const [height, width, channels] = spec.input;
    return {
      ...{ ref, kind: 'run', name: run.name, classes: classes.length, height, width, channels },
      parameters: run.parameters,
      pixels: pixels.kind === 'standardize' ? pixels : { kind: pixels.kind },
      fit:
        channels === 1 ? 'pad' : ((await dataset(run.settings.dataset).catch(() => null))?.summary.form?.fit ?? 'crop'),
      imagenet: isImagenet(classes),
      dataset: run.settings.dataset,
      ...(epochs.length > 0 && { epochs: [...epochs] }),
      revision: await runRevision(ref, run, runs.folder(run.id)),
    };
  }

  /** Fails: as `known`. */
  async classes(ref: ModelRef): Promise<readonly ClassName[]> {
    const { own, saved, zoo, runs, dataset } = this.#parts;
    if (saved.has(ref)) return saved.classes(ref);
    if (own.has(ref)) return own.find(ref).classes;
    // What the zoo knows is ImageNet's; its weights need not be read for that.
    if (zoo.known(ref)) return imagenetClasses();
    return (await (await runModel(ref, runs, dataset)).portable({ weights: false })).classes;
  }

  /** All there is of it. Fails: as `known`, `run/no-weights`, `run/torn`, `model/file-damaged`, `model/only-asked`. */
  async portable(ref: ModelRef): Promise<PortableModel> {
    const { own, saved, zoo, runs, dataset } = this.#parts;
    if (saved.has(ref)) throw onlyAsked(saved.known(ref));
    if (own.has(ref)) return own.portable(ref);
    if (zoo.known(ref)) return zoo.portable(ref);
    return (await runModel(ref, runs, dataset)).portable({ weights: true });
  }

  /**
   * Gives a model, ready, to `work`; it stays so at least until that has settled. Fails: as `portable`, `engine/not-ready`.
   * @param pixels another treatment of pixels than the model's own
   */
  use<T>(ref: ModelRef, work: (open: OpenModel) => T | Promise<T>, pixels?: KnownModel['pixels']): Promise<T> {
    const whole = (open: OpenModel | AskableModel) => {
      if (!('network' in open)) throw onlyAsked(open.known);
      return work(open);
    };
    return this.ask(ref, whole, pixels);
  }

  /** The same for what can only be asked too. */
  async ask<T>(
    ref: ModelRef,
    work: (open: OpenModel | AskableModel) => T | Promise<T>,
    pixels?: KnownModel['pixels'],
  ): Promise<T> {
    await this.#parts.ready();
    const known = await this.known(ref);
    const key = JSON.stringify([ref, known.revision, pixels ?? null]);
    const ready = this.#ready.get(key) ?? { opening: this.#open(known, pixels), users: 0, gone: false };
    this.#ready.delete(key);
    this.#ready.set(key, ready);
    ready.users++;
    this.#letGo();
    try {
      return await work(await ready.opening);
    } catch (thrown) {
      // A model that could not be opened is tried anew.
      await ready.opening.catch(() => this.#ready.get(key) === ready && this.#ready.delete(key));
      throw thrown;
    } finally {
      ready.users--;
      free(ready);
    }
  }

  /** Frees every network that nobody uses; the others when they are given back. */
  dispose(): void {
    this.#letGo(0);
  }

  #letGo(most = keptReady): void {
    for (const [key, ready] of this.#ready) {
      if (this.#ready.size <= most) return;
      this.#ready.delete(key);
      ready.gone = true;
      free(ready);
    }
  }

  async #open(known: KnownModel, pixels: KnownModel['pixels'] | undefined): Promise<OpenModel | AskableModel> {
    const { saved } = this.#parts;
    if (saved.has(known.ref)) {
      return { known, classes: saved.classes(known.ref), inference: await saved.ask(known.ref, pixels) };
    }
    const { spec, classes, weights, pixels: own } = await this.portable(known.ref);
    const { height, width, channels } = known;
    const images = { height, width, channels, classes: classes.length };
    const inference = new Inference(built(spec, images, 0, pixels ?? own, weights));
    try {
      inference.logits(new Uint8Array(height * width * channels), 1); // the first pass is slow
      return { known, classes, network: inference.network, inference };
    } catch (thrown) {
      inference.dispose();
      throw thrown;
    }
  }
}

/** Fails: as `networkOf`. */
function built(...parts: Parameters<typeof networkOf>): Network {
  const done = busy('building the network'); // of a large one it takes seconds
  try {
    return networkOf(...parts);
  } finally {
    done();
  }
}

const onlyAsked = ({ name }: KnownModel) =>
  new AppError('model/only-asked', `${name} is a SavedModel: its layers are not known.`, { model: name });

/** Once it has left and nobody uses it. */
function free(ready: Ready): void {
  if (!ready.gone || ready.users > 0) return;
  void ready.opening.then(({ inference }) => inference.dispose()).catch(() => undefined);
}
