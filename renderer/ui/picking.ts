/** Which of many are picked, and from where a range goes. Pure. */
export interface Picked {
  readonly places: ReadonlySet<number>;
  /** The one in hand. */
  readonly last: number | null;
  /** Where a range begins: the last one picked without Shift. */
  readonly anchor: number | null;
}

export const nonePicked: Picked = { places: new Set(), last: null, anchor: null };

/** As in every list of files: alone, with Ctrl one more or less, with Shift all from the anchor on. */
export function picking(picked: Picked, place: number, how?: 'range' | 'toggle'): Picked {
  if (how === 'range' && picked.anchor !== null) {
    const from = Math.min(picked.anchor, place);
    const count = Math.abs(picked.anchor - place) + 1;
    return { places: new Set(Array.from({ length: count }, (_, i) => from + i)), last: place, anchor: picked.anchor };
  }
  if (how === 'toggle') {
    const places = new Set(picked.places);
    if (!places.delete(place)) places.add(place);
    return { places, last: place, anchor: place };
  }
  return { places: new Set([place]), last: place, anchor: place };
}

export function allPicked(count: number): Picked {
  const places = new Set(Array.from({ length: count }, (_, place) => place));
  return count === 0 ? nonePicked : { places, last: 0, anchor: 0 };
}
