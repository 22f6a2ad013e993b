import { split as splitNames, type DataSetSummary, type Split, type Splitting } from '#contract/data.ts';
import type { ImageSource } from './data-set.ts';
import type { Edit } from './edits.ts';
import { drawSplits } from './splitting.ts';

type Superclasses = NonNullable<DataSetSummary['superclasses']>;

/** What a set is made of, before a person changed anything. */
export interface Given {
  readonly sources: ReadonlyMap<Split, Pick<ImageSource, 'count' | 'labels'>>;
  readonly classes: readonly string[];
  readonly superclasses?: Superclasses | undefined;
}

/** A set as its edits and its splitting leave it. The pool is all given images: train, validation, test. */
export interface Arrangement {
  readonly classes: readonly string[];
  readonly superclasses?: Superclasses | undefined;
  /** In each split: where in the pool its images lie, ascending, and their labels. */
  readonly splits: ReadonlyMap<Split, { readonly places: Uint32Array; readonly labels: Uint16Array }>;
}

/**
 * An image that is corrected after the splits were drawn stays in its split: a test that changes with every correction
 * would compare nothing.
 * @param drawnAfter edits that were there when the splits were drawn
 * Fails: `data/splitting`.
 */
export function arrange(
  given: Given,
  edits: readonly Edit[],
  splitting: Splitting = { by: 'given' },
  drawnAfter = 0,
): Arrangement {
  const pool = poolOf(given);
  const placeOf = (split: Split, index: number) => (pool.starts.get(split) ?? 0) + index;
  const begin: State = { labels: pool.labels, classes: [...given.classes], superclasses: given.superclasses };
  const before = edits.slice(0, drawnAfter).reduce((state, change) => changed(state, change, placeOf), begin);
  const kept = keptOf(before);
  const drawn = drawSplits(
    Uint16Array.from(kept, (place) => before.labels[place] ?? 0),
    Uint8Array.from(kept, (place) => pool.splits[place] ?? 0),
    splitting,
  );
  const state = edits.slice(drawnAfter).reduce((now, change) => changed(now, change, placeOf), before);
  const splits: [Split, { places: Uint32Array; labels: Uint16Array }][] = splitNames.options.map((name) => {
    const places = drawn[name].map((each) => kept[each] ?? 0).filter((place) => state.labels[place] !== gone);
    return [name, { places, labels: Uint16Array.from(places, (place) => state.labels[place] ?? 0) }];
  });
  const { classes, superclasses } = state;
  // A split that was given stays, though all its images were left out.
  const there = splits.filter(([name, { places }]) => places.length > 0 || given.sources.has(name));
  return { classes, superclasses, splits: new Map(there) };
}

/** Split and index in the files of an image of the arrangement; undefined where there is none. */
export function originOf(
  { sources }: Pick<Given, 'sources'>,
  arrangement: Arrangement,
  split: Split,
  place: number,
): { split: Split; index: number } | undefined {
  let index = arrangement.splits.get(split)?.places[place];
  if (index === undefined) return undefined;
  for (const name of splitNames.options) {
    const count = sources.get(name)?.count ?? 0;
    if (index < count) return { split: name, index };
    index -= count;
  }
  return undefined;
}

/** Of an image that was left out. */
const gone = -1;

interface State {
  /** Class of each image of the pool. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly superclasses: Superclasses | undefined;
}

function keptOf({ labels }: State): Uint32Array {
  return Uint32Array.from(labels.keys()).filter((place) => labels[place] !== gone);
}

function poolOf({ sources }: Pick<Given, 'sources'>) {
  const count = [...sources.values()].reduce((sum, source) => sum + source.count, 0);
  const labels = new Int32Array(count);
  const splits = new Uint8Array(count);
  const starts = new Map<Split, number>();
  let start = 0;
  for (const [number, name] of splitNames.options.entries()) {
    const source = sources.get(name);
    if (!source) continue;
    starts.set(name, start);
    labels.set(source.labels, start);
    splits.fill(number, start, start + source.count);
    start += source.count;
  }
  return { labels, splits, starts };
}

/** Nothing that was there before is written to but the labels, which are the arrangement's own. */
function changed(state: State, change: Edit, placeOf: (split: Split, index: number) => number): State {
  const { labels, classes } = state;
  const set = (images: readonly { split: Split; index: number }[], label: number): State => {
    for (const { split, index } of images) labels[placeOf(split, index)] = label;
    return state;
  };
  switch (change.kind) {
    case 'relabel':
      return set([change], change.label);
    case 'exclude':
      return set([change], gone);
    case 'relabel-images':
      return set(change.images, change.label);
    case 'exclude-images':
      return set(change.images, gone);
    case 'rename-classes':
      return { ...state, classes: change.classes };
    case 'merge-classes': {
      const into = Math.min(...change.classes);
      const named = classes.map((name, label) => (label === into ? change.name : name));
      return without(
        { ...state, classes: named },
        change.classes.filter((label) => label !== into),
        into,
      );
    }
    case 'exclude-classes':
      return without(state, change.classes, gone);
  }
}

/** Classes leave; their images become those of `into`, or leave too. */
function without({ labels, classes, superclasses }: State, leaving: readonly number[], into: number): State {
  const left = new Set(leaving);
  const stay = [...classes.keys()].filter((label) => !left.has(label));
  const place = new Map(stay.map((label, now) => [label, now]));
  for (const [at, label] of labels.entries()) {
    if (label !== gone) labels[at] = place.get(left.has(label) ? into : label) ?? gone;
  }
  const groups = superclasses && { ...superclasses, of: stay.map((label) => superclasses.of[label] ?? 0) };
  return { labels, classes: stay.map((label) => classes[label] ?? ''), superclasses: groups };
}
