import type { Augmentation } from '#contract/augmentation.ts';

/** Neither a place nor a neighbour of one: the fill value is taken. */
export const outside = -Infinity;

/**
 * The place that is read for one beside the image, along one axis of `size` pixels: `map_coordinate` of scipy's
 * ni_interpolation.c. What is left beside it is reflected pixel by pixel.
 */
export function lookUp(place: number, size: number, fill: Augmentation['fill']): number {
  const last = size - 1;
  if (place >= 0 && place <= last) return place;
  if (fill === 'nearest') return place < 0 ? 0 : last;
  if (fill === 'constant') return outside;
  if (last === 0) return 0;
  if (fill === 'reflect') return place;
  // scipy's `wrap` lets the first and the last pixel overlap: the period is size − 1.
  return place < 0 ? place + last * (Math.trunc(-place / last) + 1) : place - last * Math.trunc(place / last);
}

/** d c b a | a b c d | d c b a */
export function reflected(index: number, size: number): number {
  if (index >= 0 && index < size) return index;
  const period = 2 * size;
  const within = ((index % period) + period) % period;
  return within < size ? within : period - 1 - within;
}
