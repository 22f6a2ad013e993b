import { split as splitNames, type DataSetSummary, type Split } from '#contract/data.ts';
import { arrange, originOf, type Arrangement, type Given } from './arrangement.ts';
import type { DataSet, ImageSource } from './data-set.ts';
import { summaryOf, type DataRecord } from './record.ts';
import type { PreparedImage } from './prepared.ts';
import { SelectedSource } from './selected-source.ts';

/** What files hold, opened. */
export interface GivenImages extends Given {
  readonly sources: ReadonlyMap<Split, ImageSource>;
  /** Of images that were prepared: what is known of each. */
  readonly images?: ReadonlyMap<Split, readonly PreparedImage[]>;
}

/** The data set that a record means. After an edit another is made of the same images. */
export class OpenedSet implements DataSet {
  readonly given: GivenImages;
  readonly summary: DataSetSummary;
  /** Of IDX files: the pair that each split was read from. */
  readonly pairs: DataRecord['pairs'];
  readonly #arrangement: Arrangement | null;
  readonly #sources: ReadonlyMap<Split, ImageSource>;

  /** Fails: `data/splitting`. */
  constructor(record: DataRecord, given: GivenImages) {
    this.given = given;
    this.pairs = record.pairs;
    this.summary = summaryOf(record);
    const { edits = [], splitting, drawnAfter } = record;
    this.#arrangement = edits.length > 0 || splitting ? arrange(given, edits, splitting, drawnAfter) : null;
    this.#sources = this.#arrangement ? selected(given, this.#arrangement) : given.sources;
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

  /** Split and index in the files of an image of the set; undefined where there is none. */
  origin(split: Split, place: number): { split: Split; index: number } | undefined {
    if (this.#arrangement) return originOf(this.given, this.#arrangement, split, place);
    return place >= 0 && place < (this.given.sources.get(split)?.count ?? 0) ? { split, index: place } : undefined;
  }

  /** SHA-256 of an image's file and its perceptual hash, where they were kept. */
  hashes(split: Split, place: number): { exact: string; perceptual: string } | undefined {
    const origin = this.given.images && this.origin(split, place);
    const image = origin && this.given.images?.get(origin.split)?.[origin.index];
    return image && { exact: image[3], perceptual: image[4] };
  }
}

/** The record with what its edits and splitting make of these images. Fails: `data/splitting`. */
export function arranged(record: DataRecord, given: GivenImages): DataRecord {
  const { arranged: _, ...plain } = record;
  const { edits = [], splitting, drawnAfter } = record;
  if (edits.length === 0 && !splitting) return plain;
  const { classes, superclasses, splits } = arrange(given, edits, splitting, drawnAfter);
  return {
    ...plain,
    arranged: {
      classes: [...classes],
      ...(superclasses && { superclasses }),
      splits: Object.fromEntries([...splits].map(([split, { places }]) => [split, places.length])),
    },
  };
}

function selected({ sources }: GivenImages, { splits }: Arrangement): ReadonlyMap<Split, ImageSource> {
  const pool = splitNames.options.flatMap((name) => sources.get(name) ?? []);
  return new Map(
    [...splits]
      .filter(([name, { places }]) => places.length > 0 || sources.has(name))
      .map(([name, { places, labels }]) => [name, new SelectedSource(pool, places, labels)]),
  );
}
