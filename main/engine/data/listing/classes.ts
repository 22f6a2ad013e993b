import { split as splitOrder, type ImportRow, type Split } from '#contract/data.ts';
import type { Placed } from './found.ts';
import { byCodePoint } from './image-names.ts';
import type { Layout } from './layout.ts';
import { classNames } from './synsets.ts';

export interface Classes {
  /** The folder names of each class, in class order. More than one only where Unicode has two spellings. */
  readonly folders: string[][];
  readonly names: string[];
  readonly rows: ImportRow[];
}

/**
 * The classes of all splits together, and what is odd about them: class folders without images, classes that a split
 * lacks, classes of one image. A class without any image is left out; Keras would keep its index.
 *
 * @param allFolders every folder found, to name the empty ones
 */
export function classesOf(placed: readonly Placed[], allFolders: readonly string[], layout: Layout): Classes {
  const folders = grouped(placed);
  const names = classNames(folders.map(([first = '']) => first));
  const labels = new Map(folders.flatMap((group, label) => group.map((folder) => [folder, label] as const)));
  const counts = new Map<Split, number[]>();
  const places = folders.map((): string | undefined => undefined);
  for (const { split, className, folder } of placed) {
    const label = labels.get(className) ?? 0;
    const perClass = counts.get(split) ?? folders.map(() => 0);
    counts.set(split, perClass);
    perClass[label] = (perClass[label] ?? 0) + 1;
    places[label] ??= folder;
  }
  const rows: ImportRow[] = [];
  const tell = (file: string, oddity: 'empty-class' | 'single-image-class', detail?: string) =>
    rows.push({ file, oddity, outcome: 'used', ...(detail !== undefined && { detail }) });
  for (const [label, place = ''] of places.entries()) {
    const total = [...counts.values()].reduce((sum, perClass) => sum + (perClass[label] ?? 0), 0);
    if (total === 1) tell(place, 'single-image-class');
    for (const split of splitOrder.options) if (counts.get(split)?.[label] === 0) tell(place, 'empty-class', split);
  }
  const used = new Set(placed.map(({ folder }) => folder));
  for (const folder of allFolders) {
    const name = classFolder(folder, layout);
    if (name === undefined || used.has(folder) || labels.has(name)) continue;
    rows.push({ file: folder, oddity: 'empty-class', outcome: 'skipped' });
  }
  return { folders, names, rows };
}

/**
 * Class folders by name, sorted. Names that differ only in how Unicode composes their letters (NFC, NFD: a folder that
 * went through a Mac) are one class when they lie in different splits, and two when they lie side by side.
 */
function grouped(placed: readonly Placed[]): string[][] {
  const splitsOf = new Map<string, Set<Split>>();
  for (const { className, split } of placed) {
    const splits = splitsOf.get(className);
    if (splits) splits.add(split);
    else splitsOf.set(className, new Set([split]));
  }
  const groups: string[][] = [];
  const byForm = new Map<string, string[]>();
  for (const name of [...splitsOf.keys()].sort(byCodePoint)) {
    const form = name.normalize('NFC');
    const known = byForm.get(form);
    const apart = known?.every((other) => isDisjoint(splitsOf.get(other), splitsOf.get(name)));
    if (known && apart) known.push(name);
    else groups.push([name]);
    const group = groups.at(-1);
    if (!known && group) byForm.set(form, group);
  }
  return groups;
}

function isDisjoint(some: ReadonlySet<Split> = new Set(), others: ReadonlySet<Split> = new Set()): boolean {
  return [...some].every((split) => !others.has(split));
}

/** The class that a folder stands for, undefined where it is none. */
function classFolder(folder: string, { base, splits }: Layout): string | undefined {
  if (!folder.startsWith(base)) return undefined;
  const parts = folder.slice(base.length).split('/');
  if (!splits) return parts.length === 1 ? parts[0] : undefined;
  return parts.length === 2 && splits.has(parts[0] ?? '') ? parts[1] : undefined;
}
