import type { ClassName, KnownModel, ModelRef } from '#contract/models.ts';
import type { ZooEntry } from '#contract/zoo.ts';
import type { Link } from '#page-link/index.ts';

/** What photos are shown to when nobody chose: shipped inside the app. */
export const usualModel = 'efficientnet-lite0';

/** All models that have weights, of every origin, and what of the zoo could be fetched. */
export class Models {
  #all = $state.raw<readonly KnownModel[]>([]);
  #zoo = $state.raw<readonly ZooEntry[]>([]);
  #loaded = $state(false);
  #classes = new Map<string, Promise<ClassName[]>>();
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Runs newest first, models from files, then what of the zoo is here. */
  get all(): readonly KnownModel[] {
    return this.#all;
  }

  /** The whole zoo, with what is not here. */
  get zoo(): readonly ZooEntry[] {
    return this.#zoo;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** The model for photos: the one shipped inside, else any for colour pictures, else any. */
  get usual(): KnownModel | undefined {
    return this.find(usualModel) ?? this.#all.find(({ channels }) => channels === 3) ?? this.#all[0];
  }

  /** Also of a run after an epoch (`run@3`). */
  find(ref: ModelRef | null): KnownModel | undefined {
    const plain = ref?.replace(/@.*$/, '');
    const known = this.#all.find((model) => model.ref === plain);
    return known && ref && ref !== plain ? { ...known, ref, revision: `${known.revision}-${ref}` } : known;
  }

  async refresh(): Promise<void> {
    const [all, zoo] = await Promise.all([this.#link.engine.models.list(), this.#link.engine.zoo.list()]);
    this.#all = all;
    this.#zoo = zoo;
    this.#loaded = true;
  }

  /** In the order of the network's outputs; asked for once. */
  classes({ ref, revision }: Pick<KnownModel, 'ref' | 'revision'>): Promise<ClassName[]> {
    const key = `${ref} ${revision}`;
    const known = this.#classes.get(key);
    if (known) return known;
    const asked = this.#link.engine.models.classes({ model: ref });
    asked.catch(() => this.#classes.delete(key));
    this.#classes.set(key, asked);
    return asked;
  }
}
