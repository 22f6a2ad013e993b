/** Sides in another order. */
export const moved = (shape: readonly number[], order: readonly number[]) => order.map((axis) => shape[axis] ?? 1);

/** The values with their axes in another order: `order[i]` is where axis i of the result was. */
export function transposed(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const sides = moved(shape, order);
  const along = order.map((axis) => steps[axis] ?? 1);
  const out = new Float32Array(values.length);
  const at = sides.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from] ?? 0;
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      const step = along[axis] ?? 0;
      const next = (at[axis] ?? 0) + 1;
      from += step;
      at[axis] = next;
      const side = sides[axis] ?? 1;
      if (next < side) break;
      from -= step * side;
      at[axis] = 0;
    }
  }
  return out;
}
