import type { NetworkCheck } from '#contract/model.ts';
import { mergingKinds } from '#contract/layer-fields.ts';
import type { LayerKind, LayerSpec, NetworkSpec } from '#contract/network.ts';
import type { Link } from '#page-link/index.ts';
import { added, changed, doubled, inputsOf, moved, removed } from './network-edits.ts';

interface EditorParts {
  readonly link: Link;
  readonly id: string;
  readonly spec: NetworkSpec;
  /** Hears that the network on disk is another now. */
  readonly saved: () => unknown;
  readonly failed: (thrown: unknown) => void;
}

/** How long nothing must happen before it is checked and kept, ms. */
const pause = { check: 120, save: 400 };
/** Changes of one argument that follow each other so soon are one step of undo, ms. */
const together = 1200;
/** Steps that can be taken back. */
const mostSteps = 200;

/** One of the user's networks in hand: its layers, what is known of them, and the way back. Every change is kept. */
export class NetworkEditor {
  readonly id: string;
  #spec = $state.raw<NetworkSpec>() as NetworkSpec;
  #selected = $state<string | null>(null);
  #check = $state.raw<NetworkCheck | null>(null);
  #undone = $state.raw<readonly NetworkSpec[]>([]);
  #done = $state.raw<readonly NetworkSpec[]>([]);
  readonly #parts: EditorParts;
  #dataset: string | null = null;
  /** What was changed last, and when. */
  #last: { what: string; when: number } = { what: '', when: 0 };
  #asked = 0;
  #checking: ReturnType<typeof setTimeout> | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #saves: Promise<unknown> = Promise.resolve();

  constructor(parts: EditorParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.#spec = parts.spec;
    this.#selected = parts.spec.layers[0]?.name ?? null;
  }

  get spec(): NetworkSpec {
    return this.#spec;
  }

  /** What is known of the network for the data set in hand; null until the first answer. */
  get check(): NetworkCheck | null {
    return this.#check;
  }

  get selected(): LayerSpec | null {
    return this.#spec.layers.find(({ name }) => name === this.#selected) ?? null;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  select(name: string | null): void {
    this.#selected = name;
  }

  /** Checks it for this data set from now on. */
  checkFor(dataset: string): void {
    if (this.#dataset === dataset) return;
    this.#dataset = dataset;
    this.#checkSoon(0);
  }

  /** Behind the selected layer. */
  add(kind: LayerKind): void {
    const after = this.#selected;
    const { spec, name } = added(
      this.#spec,
      kind,
      after,
      mergingKinds.includes(kind) ? this.#fitting(after) : undefined,
    );
    this.#become(spec);
    this.#selected = name;
  }

  remove(name: string): void {
    this.#become(removed(this.#spec, name));
  }

  double(name: string): void {
    const copied = doubled(this.#spec, name);
    this.#become(copied.spec);
    this.#selected = copied.name;
  }

  move(name: string, by: number): void {
    this.#become(moved(this.#spec, name, by));
  }

  /** False: the value cannot be, and nothing has changed. */
  change(name: string, field: string, value: unknown): boolean {
    const next = changed(this.#spec, name, field, value);
    if (!next) return false;
    this.#become(next, `${name} ${field}`);
    return true;
  }

  /** Of the network itself. */
  set(part: Partial<Pick<NetworkSpec, 'name' | 'preprocessing'>>): void {
    this.#become({ ...this.#spec, ...part }, Object.keys(part).join());
  }

  undo(): void {
    const before = this.#done.at(-1);
    if (!before) return;
    this.#undone = [...this.#undone, this.#spec];
    this.#done = this.#done.slice(0, -1);
    this.#show(before);
  }

  redo(): void {
    const after = this.#undone.at(-1);
    if (!after) return;
    this.#done = [...this.#done, this.#spec];
    this.#undone = this.#undone.slice(0, -1);
    this.#show(after);
  }

  /** Keeps what is not kept yet; settles when all is on disk. */
  async settle(): Promise<void> {
    if (this.#saving !== undefined) this.#save();
    await this.#saves;
  }

  /** Nothing is kept or checked any more. */
  close(): void {
    clearTimeout(this.#checking);
    clearTimeout(this.#saving);
    this.#saving = undefined;
    this.#asked += 1;
  }

  /** A layer before it with an output of the same shape, or what it takes itself. */
  #fitting(name: string | null): string | undefined {
    const place = this.#spec.layers.findIndex((layer) => layer.name === name);
    const shapes = new Map(this.#check?.layers.map((layer) => [layer.name, layer.facts?.outputShape.join()]));
    const same = this.#spec.layers.slice(0, Math.max(0, place)).filter((layer) => {
      return name !== null && shapes.get(layer.name) !== undefined && shapes.get(layer.name) === shapes.get(name);
    });
    return same.at(-1)?.name ?? inputsOf(this.#spec.layers, place)[0];
  }

  #become(spec: NetworkSpec, what = ''): void {
    if (spec === this.#spec) return;
    const now = Date.now();
    const goesOn = what !== '' && what === this.#last.what && now - this.#last.when < together;
    if (!goesOn) this.#done = [...this.#done, this.#spec].slice(-mostSteps);
    this.#last = { what, when: now };
    this.#undone = [];
    this.#show(spec);
  }

  #show(spec: NetworkSpec): void {
    // The layer in its place is it under another name, or the one that is there now.
    const place = this.#spec.layers.findIndex(({ name }) => name === this.#selected);
    this.#spec = spec;
    if (this.#selected !== null && !this.selected) {
      this.#selected = (spec.layers[place] ?? spec.layers.at(-1))?.name ?? null;
    }
    this.#checkSoon(pause.check);
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#save(), pause.save);
  }

  #checkSoon(after: number): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => {
      const dataset = this.#dataset;
      if (dataset === null) return;
      const asked = ++this.#asked;
      this.#parts.link.engine.model.check({ spec: plainSpec(this.#spec), dataset }).then((check) => {
        if (asked === this.#asked) this.#check = check;
      }, this.#parts.failed);
    }, after);
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const spec = plainSpec(this.#spec);
    this.#saves = this.#saves
      .then(() => this.#parts.link.engine.model.save({ spec, id: this.id }))
      .then(() => this.#parts.saved())
      .catch(this.#parts.failed);
  }
}

/** The wire's types are of arrays that may be changed. */
const plainSpec = (spec: NetworkSpec) => structuredClone(spec);
