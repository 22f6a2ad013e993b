import { softmax } from '../softmax.ts';

/** Softmax of each row of logits, [count, class]. */
export function probabilitiesOf(logits: Float32Array, count: number): Float32Array {
  const classes = logits.length / count;
  const all = new Float32Array(logits.length);
  for (let row = 0; row < count; row++) {
    all.set(softmax(logits.subarray(row * classes, (row + 1) * classes)), row * classes);
  }
  return all;
}

export interface Difference {
  /** The largest of any probability. */
  readonly furthest: number;
  /** Rows whose most probable class is the same. */
  readonly agree: number;
}

export function differenceOf(a: Float32Array, b: Float32Array, count: number): Difference {
  const classes = a.length / count;
  if (b.length !== a.length) return { furthest: Infinity, agree: 0 };
  let furthest = 0;
  let agree = 0;
  for (let row = 0; row < count; row++) {
    const [one, other] = [a, b].map((all) => all.subarray(row * classes, (row + 1) * classes)) as [
      Float32Array,
      Float32Array,
    ];
    for (const [place, value] of one.entries()) {
      const apart = Math.abs(value - (other[place] ?? Number.NaN));
      furthest = Number.isNaN(apart) ? Infinity : Math.max(furthest, apart);
    }
    if (highest(one) === highest(other)) agree++;
  }
  return { furthest, agree };
}

const highest = (row: Float32Array) => row.indexOf(row.reduce((most, value) => Math.max(most, value), -Infinity));
