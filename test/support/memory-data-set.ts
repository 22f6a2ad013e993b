import type { DataSetSummary, Split } from '#contract/data.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';

/** A data set in memory. */
export class MemoryDataSet implements DataSet {
  readonly summary: DataSetSummary;
  readonly #sources: ReadonlyMap<Split, ImageSource>;

  constructor(summary: DataSetSummary, sources: ReadonlyMap<Split, ImageSource>) {
    this.summary = summary;
    this.#sources = sources;
  }

  get height(): number {
    return this.summary.height;
  }

  get width(): number {
    return this.summary.width;
  }

  get channels(): number {
    return this.summary.channels;
  }

  get classes(): readonly string[] {
    return this.summary.classes;
  }

  source(split: Split): ImageSource | undefined {
    return this.#sources.get(split);
  }
}
