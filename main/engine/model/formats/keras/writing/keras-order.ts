/** What the order depends on. */
export interface Wired {
  readonly layer: { readonly name: string };
  readonly inputs: readonly string[];
}

/**
 * The layers that the outputs depend on, in the order in which Keras counts a functional model's layers, whatever the
 * order they are written in: by how far they are from the output, farthest first; among equals as a walk from the output
 * to the inputs meets them. Weights in `.weights.h5` and an optimizer's variables go by it.
 * keras/src/ops/function.py, `map_graph`, `_build_map`.
 * @param outputs names of layers; absent = the last one
 */
export function kerasOrder<T extends Wired>(layers: readonly T[], outputs?: readonly string[]): T[] {
  const byName = new Map(layers.map((each) => [each.layer.name, each]));
  const met = new Map<T, number>();
  /** Each after those it takes from. */
  const finished: T[] = [];
  for (const output of outputs?.map((name) => byName.get(name)) ?? [layers.at(-1)]) {
    if (!output || met.has(output)) continue;
    // A stack of our own: networks can be deeper than calls may nest.
    const path: { readonly at: T; next: number }[] = [{ at: output, next: 0 }];
    met.set(output, met.size);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const name = top.at.inputs[top.next++];
      if (name === undefined) {
        finished.push(top.at);
        path.pop();
        continue;
      }
      const before = byName.get(name);
      if (!before || met.has(before)) continue;
      met.set(before, met.size);
      path.push({ at: before, next: 0 });
    }
  }
  const depths = new Map<T, number>();
  for (const each of finished.toReversed()) {
    const depth = depths.get(each) ?? 0;
    depths.set(each, depth);
    for (const name of each.inputs) {
      const before = byName.get(name);
      if (before) depths.set(before, Math.max(depth + 1, depths.get(before) ?? 0));
    }
  }
  const depthOf = (each: T) => depths.get(each) ?? 0;
  return finished.sort((a, b) => depthOf(b) - depthOf(a) || (met.get(a) ?? 0) - (met.get(b) ?? 0));
}
