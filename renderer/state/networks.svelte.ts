import { toFailure, type Failure } from '#contract/failures.ts';
import type { ModelSummary, NetworkCheck, NetworkSpec, PresetSummary } from '#contract/model.ts';
import type { Link } from '#page-link/index.ts';
import { NetworkEditor } from './network-editor.svelte.ts';

/** A preset for a data set: its layers, or why the two do not fit. */
export type Fit =
  { readonly summary: ModelSummary; readonly failure: null } | { readonly summary: null; readonly failure: Failure };

/** The networks one can train, and each as it comes out for a data set. */
export class Networks {
  #presets = $state.raw<readonly PresetSummary[]>([]);
  #fits = $state.raw<ReadonlyMap<string, Fit>>(new Map());
  #editor = $state.raw<NetworkEditor | null>(null);
  #asked = new Set<string>();
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** The user's own first. */
  get presets(): readonly PresetSummary[] {
    return this.#presets;
  }

  /** The own network in hand. */
  get editor(): NetworkEditor | null {
    return this.#editor;
  }

  find(id: string): PresetSummary | undefined {
    return this.#presets.find((preset) => preset.id === id);
  }

  /** Everything anew: the project or the engine may be another. */
  async refresh(): Promise<void> {
    this.#editor?.close();
    this.#editor = null;
    this.#fits = new Map();
    await this.load();
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
      if (failure.code.startsWith('model/')) this.#keep(key, { summary: null, failure });
      else throw thrown;
    } finally {
      this.#asked.delete(key);
    }
  }

  /** A preset, or what a run was trained with, as data. */
  spec(of: { preset: string } | { run: string }, dataset?: string): Promise<NetworkSpec> {
    return this.#link.engine.model.spec({ ...of, ...(dataset === undefined ? {} : { dataset }) });
  }

  check(spec: NetworkSpec, dataset: string): Promise<NetworkCheck> {
    return this.#link.engine.model.check({ spec: structuredClone(spec), dataset });
  }

  /** Takes one of the user's networks in hand, or none. */
  async edit(id: string | null, failed: (thrown: unknown) => void): Promise<void> {
    if (this.#editor?.id === id) return;
    await this.#editor?.settle();
    if (id === null) {
      this.#editor = null;
      return;
    }
    const spec = await this.spec({ preset: id });
    const saved = async () => {
      this.#forget(id);
      await this.load();
    };
    this.#editor = new NetworkEditor({ link: this.#link, id, spec, saved, failed });
  }

  /** Keeps it as a network of the user's, under a name that no other has; its id. */
  async create(spec: NetworkSpec): Promise<string> {
    const { id } = await this.#link.engine.model.save({
      spec: { ...structuredClone(spec), name: this.#freeName(spec.name) },
    });
    await this.load();
    return id;
  }

  async discard(id: string): Promise<void> {
    await this.#editor?.settle();
    if (this.#editor?.id === id) this.#editor = null;
    await this.#link.engine.model.discardNetwork({ id });
    await this.load();
  }

  async restore(id: string): Promise<void> {
    await this.#link.engine.model.restoreNetwork({ id });
    await this.load();
  }

  #freeName(name: string): string {
    const names = new Set(this.#presets.map((preset) => preset.name));
    if (!names.has(name)) return name;
    const stem = name.replace(/ \d+$/, '');
    for (let number = 2; ; number++) if (!names.has(`${stem} ${number}`)) return `${stem} ${number}`;
  }

  #forget(id: string): void {
    this.#fits = new Map([...this.#fits].filter(([key]) => !key.startsWith(`${id} `)));
  }

  #keep(key: string, fit: Fit): void {
    this.#fits = new Map(this.#fits).set(key, fit);
  }
}
