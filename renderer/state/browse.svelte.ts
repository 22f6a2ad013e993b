import type { DataSetSummary, ImageQueryInput, Split } from '#contract/data.ts';
import { split as splitNames } from '#contract/data.ts';
import type { RunSummary } from '#contract/training.ts';
import type { Link } from '#page-link/index.ts';
import { allPicked, nonePicked, picking, type Picked } from '#ui/picking.ts';
import { ImageView } from './image-view.svelte.ts';

export type Correctness = 'all' | 'right' | 'wrong';
export type Order = NonNullable<ImageQueryInput['order']>;

/** Which run's predictions there are for the split in sight. */
export interface Predicted {
  readonly run: string;
  readonly revision: string;
}

/** How a person looks through a data set: the filter, the size of the tiles, the image in hand. It outlives the page. */
export class Browse {
  #dataset = $state('');
  #split = $state<Split>('train');
  #predicted = $state.raw<Predicted | null>(null);
  #classes = $state.raw<readonly number[]>([]);
  #correctness = $state<Correctness>('all');
  #order = $state<Order>('natural');
  #view = $state.raw<ImageView | null>(null);
  /** The side of a tile, px: photos are shown larger than digits. */
  #tiles = $state({ small: 56, large: 112 });
  #photos = $state(false);
  #text = $state('');
  #picked = $state.raw<Picked>(nonePicked);
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** The image in hand, by its place in the order of the view. */
  get place(): number | null {
    return this.#picked.last;
  }

  set place(place: number | null) {
    this.#picked = place === null ? nonePicked : picking(nonePicked, place);
  }

  /** The images that are taken together, by their places. */
  get picked(): ReadonlySet<number> {
    return this.#picked.places;
  }

  pick(place: number, how?: 'range' | 'toggle'): void {
    this.#picked = picking(this.#picked, place, how);
  }

  pickAll(): void {
    this.#picked = allPicked(this.#view?.count ?? 0);
  }

  /** Part of a file's name. */
  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.place = null;
  }

  get tile(): number {
    return this.#photos ? this.#tiles.large : this.#tiles.small;
  }

  set tile(side: number) {
    this.#tiles[this.#photos ? 'large' : 'small'] = side;
  }

  get split(): Split {
    return this.#split;
  }

  set split(split: Split) {
    this.#split = split;
    this.place = null;
  }

  get classes(): readonly number[] {
    return this.#classes;
  }

  get correctness(): Correctness {
    return this.#correctness;
  }

  set correctness(correctness: Correctness) {
    this.#correctness = correctness;
    this.place = null;
  }

  get order(): Order {
    return this.#order;
  }

  set order(order: Order) {
    this.#order = order;
    this.place = null;
  }

  get predicted(): Predicted | null {
    return this.#predicted;
  }

  /** What the grid shows: the newest view whose count is known, so that nothing blinks while the next one comes. */
  get view(): ImageView | null {
    return this.#view;
  }

  toggleClass(index: number): void {
    const chosen = this.#classes;
    this.#classes = chosen.includes(index) ? chosen.filter((c) => c !== index) : [...chosen, index];
    this.place = null;
  }

  allClasses(): void {
    this.#classes = [];
    this.place = null;
  }

  /** Another data set begins unfiltered, at its first split. */
  enter(set: DataSetSummary): void {
    if (this.#dataset === set.id && (set.splits[this.#split] ?? 0) > 0) return;
    this.#dataset = set.id;
    this.#photos = Math.max(set.height, set.width) > 64;
    this.#split = splitNames.options.find((split) => (set.splits[split] ?? 0) > 0) ?? 'train';
    this.#view = null;
    this.#correctness = 'all';
    this.#order = 'natural';
    this.#text = '';
    this.allClasses();
  }

  /** Finds out whether the run in hand has predictions for this split, then finds the images. */
  async look(set: DataSetSummary, run: RunSummary | undefined, signal: AbortSignal): Promise<void> {
    // Read before anything is awaited, so that an effect calling this runs again when the filter changes.
    const split = this.#split;
    const queryWith = this.#query(set.id);
    const predicted = run ? await this.#predictionsOf(run, set, split) : null;
    if (signal.aborted) return;
    if (predicted?.revision !== this.#predicted?.revision) this.#predicted = predicted;
    const view = new ImageView(this.#link, queryWith(predicted), revisionOf(set, predicted));
    await view.load();
    if (!signal.aborted) this.#view = view;
  }

  async #predictionsOf(run: RunSummary, set: DataSetSummary, split: Split): Promise<Predicted | null> {
    if (run.epochsDone === 0 || run.settings.dataset !== set.id) return null;
    const report = await this.#link.engine.evaluation.kept({ run: run.id, split });
    return report && { run: run.id, revision: report.revision };
  }

  /** The filter as it stands; what asks for predictions holds only where there are some. */
  #query(dataset: string): (predicted: Predicted | null) => ImageQueryInput {
    const classes = [...this.#classes].sort((a, b) => a - b);
    const text = this.#text.trim();
    const plain = {
      ...{ dataset, split: this.#split },
      ...(classes.length > 0 ? { classes } : {}),
      ...(text === '' ? {} : { text }),
    };
    const order = this.#order;
    const correctness = this.#correctness;
    return (predicted) =>
      predicted
        ? { ...plain, run: predicted.run, order, ...(correctness === 'all' ? {} : { correctness }) }
        : { ...plain, order: 'natural' };
  }
}

function revisionOf(set: DataSetSummary, predicted: Predicted | null): string {
  return [set.hash.slice(0, 16), ...(predicted ? [predicted.revision] : [])].join('.');
}
