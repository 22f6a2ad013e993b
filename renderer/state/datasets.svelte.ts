import type { DataSetSummary, Split } from '#contract/data.ts';
import type { Link } from '#page-link/index.ts';

/** The data sets of the open project. */
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

  /** Opens files as one data set; on failure the list is as before. */
  async open(paths: string[], name?: string): Promise<DataSetSummary> {
    const opened = await this.#link.engine.data.open({ paths, ...(name === undefined ? {} : { name }) });
    await this.refresh();
    return opened;
  }

  async remove(id: string): Promise<void> {
    await this.#link.engine.data.remove({ dataset: id });
    await this.refresh();
  }

  async restore(id: string): Promise<void> {
    await this.#link.engine.data.restore({ dataset: id });
    await this.refresh();
  }

  async relabel(dataset: string, split: Split, index: number, label: number): Promise<void> {
    await this.#link.engine.data.relabel({ dataset, split, index, label });
    await this.refresh();
  }

  async exclude(dataset: string, split: Split, index: number): Promise<void> {
    await this.#link.engine.data.exclude({ dataset, split, index });
    await this.refresh();
  }

  async undoEdit(dataset: string): Promise<void> {
    await this.#link.engine.data.undoEdit({ dataset });
    await this.refresh();
  }

  async renameClasses(id: string, classes: string[]): Promise<void> {
    await this.#link.engine.data.renameClasses({ dataset: id, classes });
    await this.refresh();
  }
}
