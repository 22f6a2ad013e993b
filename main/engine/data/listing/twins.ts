import type { ImportRow } from '#contract/data.ts';
import { skipped, type Found, type Placed } from './found.ts';
import { byCodePoint } from './image-names.ts';

/**
 * No file is used twice: what a link leads to counts where it really is, if that place has a class, or else under the
 * first link to it. A linked folder of which nothing is left has one row, not one for each file.
 */
export function withoutTwins(placed: Placed[], linked: Found['linked'], rows: ImportRow[]): Placed[] {
  if (linked.size === 0) return placed;
  const usedAs = new Map<string, string>();
  for (const { image } of placed) {
    if (!linked.has(image) && 'path' in image && typeof image.path === 'string') usedAs.set(image.path, image.file);
  }
  const kept: Placed[] = [];
  const left = new Map<string, ImportRow[]>();
  const useful = new Set<string>();
  for (const one of placed.toSorted((a, b) => byCodePoint(a.image.file, b.image.file))) {
    const way = linked.get(one.image);
    const twin = way && usedAs.get(way.target);
    if (!way || twin === undefined) {
      kept.push(one);
      if (way) {
        usedAs.set(way.target, one.image.file);
        useful.add(way.link);
      }
    } else {
      const row = skipped(one.image.file, 'duplicate', twin);
      left.set(way.link, [...(left.get(way.link) ?? []), row]);
    }
  }
  for (const [link, some] of left) {
    const [first] = some;
    if (useful.has(link) || first === undefined || first.file === link) rows.push(...some);
    else rows.push(skipped(link, 'duplicate', folderOfTwin(first, link)));
  }
  return kept;
}

/** `val/cat/1.jpg` is `test/cat/1.jpg`, so the link `val` is `test`. */
function folderOfTwin({ file, detail = '' }: ImportRow, link: string): string {
  const below = file.slice(link.length);
  return detail.endsWith(below) ? detail.slice(0, -below.length) : detail;
}
