import type { KnownModel, ModelLook } from '#contract/models.ts';
import type { Link } from '#page-link/index.ts';
import { openingOf, type ModelForm } from './model-form.ts';

/** A model file that was handed over: what it is, and its being taken in. One at a time, over every page. */
export class ModelOpening {
  #look = $state.raw<ModelLook | null>(null);
  #looking = $state(false);
  #working = $state(false);
  #link: Link;
  #stop = new AbortController();

  constructor(link: Link) {
    this.#link = link;
  }

  /** What waits for a person's choice; null = the dialog is closed. */
  get look(): ModelLook | null {
    return this.#look;
  }

  get looking(): boolean {
    return this.#looking;
  }

  get working(): boolean {
    return this.#working;
  }

  /**
   * Fails as `models.look`.
   * @param claimed whether somebody else takes it; nothing is asked then
   */
  async ask(
    path: string,
    claimed: (look: ModelLook) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<void> {
    this.#looking = true;
    try {
      const look = await this.#link.engine.models.look({ path });
      if (!(await claimed(look))) this.#look = look;
    } finally {
      this.#looking = false;
    }
  }

  /** Ends what is under way; nothing is taken in then. */
  close(): void {
    this.#stop.abort();
    this.#look = null;
  }

  /** @param named classes of the data set that was chosen. Fails as `models.open`; `call/cancelled`. The dialog stays then, so that something else can be chosen. */
  async open(form: ModelForm, named: readonly string[]): Promise<KnownModel | null> {
    const look = this.#look;
    if (!look || this.#working) return null;
    this.#stop = new AbortController();
    this.#working = true;
    try {
      const known = await this.#link.engine.models.open(openingOf(look, form, named), { signal: this.#stop.signal });
      this.#look = null;
      return known;
    } finally {
      this.#working = false;
    }
  }
}
