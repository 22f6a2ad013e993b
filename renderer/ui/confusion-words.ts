import type { Place } from './confusion-paint.ts';
import type { Arranged } from './confusion-scene.ts';
import { percent } from './format.ts';

type Translate = (key: string, values?: Record<string, string | number>) => string;

/** What stands in a cell: `12`, `3.4` per cent of the row; differences have their sign. */
export function figureOf(value: number, share: 'count' | 'row', signed: boolean): string {
  const sign = signed && value > 0 ? '+' : '';
  return sign + (share === 'count' ? String(value) : percent(value).replace(' %', ''));
}

/** A cell in a sentence: true class, predicted class, images and their part of the class; of both where two are compared. */
export function cellWords({ at, names }: Arranged, place: Place, t: Translate, language: string): string {
  const { count, share, minus } = at(place);
  const classes = { truth: names[place.row] ?? '', predicted: names[place.column] ?? '' };
  if (!minus) return t('evaluate.confusion.cellShare', { ...classes, count, share: percent(share, 1, language) });
  return t('evaluate.confusion.cellDifference', {
    ...{ ...classes, first: count, second: minus.count },
    firstShare: percent(share, 1, language),
    secondShare: percent(minus.share, 1, language),
  });
}
