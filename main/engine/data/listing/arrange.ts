import type { ImportRow, Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { classesOf } from './classes.ts';
import { skipped, type Found, type FoundImage, type Placed } from './found.ts';
import { byCodePoint } from './image-names.ts';
import { layoutOf, type Layout } from './layout.ts';
import { withoutTwins } from './twins.ts';

/** Images in the order of split, class, folder and name, each with its class as an index. */
export interface Arranged {
  readonly images: ArrangedImage[];
  readonly classes: string[];
  readonly rows: ImportRow[];
}

export class ArrangedImage {
  readonly label: number;
  readonly split: Split;
  readonly #image: FoundImage;

  constructor(image: FoundImage, label: number, split: Split) {
    this.#image = image;
    this.label = label;
    this.split = split;
  }

  get file(): string {
    return this.#image.file;
  }

  get size(): number {
    return this.#image.size;
  }

  read(): Promise<Buffer> {
    return this.#image.read();
  }
}

const order: Readonly<Record<Split, number>> = { train: 0, validation: 1, test: 2 };

/**
 * Makes classes and splits of what was found.
 *
 * Order: training, validation, test; within them classes as Keras has them (`byCodePoint`), then folder, then file, as
 * its `index_directory` goes.
 *
 * @param name what is imported, for failures
 * Fails: `data/no-usable-images`, `data/one-class`, `data/too-many-classes`.
 */
export function arrange(found: Found, name: string): Arranged {
  const rows = [...found.rows];
  const layout = layoutOf(found.images);
  const placed = withoutTwins(place(found, layout, rows), found.linked, rows);
  const { folders, names, rows: told } = classesOf(placed, found.folders, layout);
  check(names.length, found, rows, name);
  const labels = new Map(folders.flatMap((group, label) => group.map((folder) => [folder, label] as const)));
  const keyed = placed.map((one) => ({ one, label: labels.get(one.className) ?? 0, at: folderOf(one.image.file) }));
  keyed.sort(
    (a, b) =>
      order[a.one.split] - order[b.one.split] ||
      a.label - b.label ||
      byCodePoint(a.at, b.at) ||
      byCodePoint(a.one.image.file, b.one.image.file),
  );
  return {
    images: keyed.map(({ one, label }) => new ArrangedImage(one.image, label, one.split)),
    classes: names,
    rows: [...rows, ...told].sort((a, b) => byCodePoint(a.file, b.file)),
  };
}

/** Splits and classes by the folders' names; what lies beside the class folders gets a row. */
function place(found: Found, { base, splits }: Layout, rows: ImportRow[]): Placed[] {
  const placed: Placed[] = [];
  for (const image of found.images) {
    const parts = image.file.startsWith(base) ? image.file.slice(base.length).split('/') : [];
    const split = splits ? splits.get(parts[0] ?? '') : 'train';
    const depth = splits ? 1 : 0;
    const className = parts[depth];
    if (split === undefined || className === undefined || parts.length < depth + 2) {
      rows.push(skipped(image.file, 'no-class'));
    } else {
      placed.push({ image, split, className, folder: base + parts.slice(0, depth + 1).join('/') });
    }
  }
  return placed;
}

/** Class indices are kept as 16 bits. */
const mostClasses = 65_536;

function check(classes: number, found: Found, rows: readonly ImportRow[], name: string): void {
  if (found.images.length === 0) {
    const reason = rows.length > 0 ? reasonOf(rows) : 'no file there has the name of an image';
    throw new AppError('data/no-usable-images', `Nothing in ${name} can be used: ${reason}.`, {
      file: name,
      files: rows.length,
      reason,
    });
  }
  if (classes < 2) {
    throw new AppError('data/one-class', `${name} has images of ${classes} class; expected at least 2.`, {
      file: name,
    });
  }
  if (classes > mostClasses) {
    const message = `${name} has ${classes} class folders; expected at most ${mostClasses}.`;
    throw new AppError('data/too-many-classes', message, { file: name, classes, limit: mostClasses });
  }
}

/** The commonest oddity, as rows name it. */
function reasonOf(rows: readonly ImportRow[]): string {
  const counts = new Map<string, number>();
  for (const { oddity } of rows) counts.set(oddity, (counts.get(oddity) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
