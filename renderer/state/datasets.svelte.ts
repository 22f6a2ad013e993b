import type { DataSetSummary, Split, Splitting } from '#contract/data.ts';
import type { Link } from '#page-link/index.ts';

export interface ImagePlace {
  readonly split: Split;
  readonly index: number;
}

/** The data sets of the open project. Every change reads the list anew, and resolves to the set as it is then. */
export class DataSets {
  #all = $state.raw<readonly DataSetSummary[]>([]);
  #loaded = $state(false);
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  get all(): readonly DataSetSummary[] {
    return this.#all;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  find(id: string): DataSetSummary | undefined {
    return this.#all.find((set) => set.id === id);
  }

  async refresh(): Promise<void> {
    this.#all = await this.#link.engine.data.list();
    this.#loaded = true;
  }

  remove(dataset: string): Promise<void> {
    return this.#then(this.#calls.remove({ dataset }));
  }

  restore(dataset: string): Promise<DataSetSummary> {
    return this.#then(this.#calls.restore({ dataset }));
  }

  rename(dataset: string, name: string): Promise<DataSetSummary> {
    return this.#then(this.#calls.rename({ dataset, name }));
  }

  resplit(dataset: string, splitting: Splitting): Promise<DataSetSummary> {
    return this.#then(this.#calls.resplit({ dataset, splitting }));
  }

  relabel(dataset: string, split: Split, index: number, label: number): Promise<DataSetSummary> {
    return this.#then(this.#calls.relabel({ dataset, split, index, label }));
  }

  exclude(dataset: string, split: Split, index: number): Promise<DataSetSummary> {
    return this.#then(this.#calls.exclude({ dataset, split, index }));
  }

  relabelImages(dataset: string, images: ImagePlace[], label: number): Promise<DataSetSummary> {
    return this.#then(this.#calls.relabelImages({ dataset, images, label }));
  }

  excludeImages(dataset: string, images: ImagePlace[]): Promise<DataSetSummary> {
    return this.#then(this.#calls.excludeImages({ dataset, images }));
  }

  renameClasses(dataset: string, classes: string[]): Promise<DataSetSummary> {
    return this.#then(this.#calls.renameClasses({ dataset, classes }));
  }

  mergeClasses(dataset: string, classes: number[], name: string): Promise<DataSetSummary> {
    return this.#then(this.#calls.mergeClasses({ dataset, classes, name }));
  }

  excludeClasses(dataset: string, classes: number[]): Promise<DataSetSummary> {
    return this.#then(this.#calls.excludeClasses({ dataset, classes }));
  }

  undoEdit(dataset: string): Promise<DataSetSummary> {
    return this.#then(this.#calls.undoEdit({ dataset }));
  }

  redoEdit(dataset: string): Promise<DataSetSummary> {
    return this.#then(this.#calls.redoEdit({ dataset }));
  }

  get #calls() {
    return this.#link.engine.data;
  }

  async #then<T>(call: Promise<T>): Promise<T> {
    const result = await call;
    await this.refresh();
    return result;
  }
}
