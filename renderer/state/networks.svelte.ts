import { toFailure, type Failure } from '#contract/failures.ts';
import type { ModelSummary, PresetSummary } from '#contract/model.ts';
import type { Link } from '#page-link/index.ts';

/** A preset for a data set: its layers, or why the two do not fit. */
export type Fit =
  { readonly summary: ModelSummary; readonly failure: null } | { readonly summary: null; readonly failure: Failure };

/** The networks one can train, and each as it comes out for a data set. */
export class Networks {
  #presets = $state.raw<readonly PresetSummary[]>([]);
  #fits = $state.raw<ReadonlyMap<string, Fit>>(new Map());
  #asked = new Set<string>();
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  get presets(): readonly PresetSummary[] {
    return this.#presets;
  }

  find(id: string): PresetSummary | undefined {
    return this.#presets.find((preset) => preset.id === id);
  }

  async load(): Promise<void> {
    this.#presets = await this.#link.engine.model.presets();
  }

  /** Undefined until it is known; `ask` makes it known. `hash` is the data set's: another content may have another fit. */
  fit(preset: string, hash: string): Fit | undefined {
    return this.#fits.get(`${preset} ${hash}`);
  }

  async ask(preset: string, dataset: { id: string; hash: string }): Promise<void> {
    const key = `${preset} ${dataset.hash}`;
    if (this.#fits.has(key) || this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const summary = await this.#link.engine.model.summary({ preset, dataset: dataset.id });
      this.#keep(key, { summary, failure: null });
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === 'model/wrong-input') this.#keep(key, { summary: null, failure });
      else throw thrown;
    } finally {
      this.#asked.delete(key);
    }
  }

  #keep(key: string, fit: Fit): void {
    this.#fits = new Map(this.#fits).set(key, fit);
  }
}
