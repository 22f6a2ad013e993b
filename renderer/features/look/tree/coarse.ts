import { isSaid, pathTo, type Branch, type ClassTree } from './class-tree.ts';

export interface CoarseLevel {
  readonly branch: Branch;
  readonly sum: number;
}

/** Above so many of the thousand classes a name says next to nothing: `entity`, `object`, `artifact`. */
const tooWide = 420;
/** A wider name is worth its place when it is surer by this much. */
const worth = 0.01;

/**
 * What can be said more surely than the class: names above the likeliest class with the probabilities of all that they
 * hold, from the narrowest on. `tabby 52 %` is `domestic cat 92 %` and `carnivore 97 %`.
 * @param sums as of `sumsOf`
 */
export function coarseLevels(tree: ClassTree, sums: Float64Array, likeliest: number, most = 3): CoarseLevel[] {
  const path = pathTo(tree.leaves.get(likeliest)).reverse();
  const levels: CoarseLevel[] = [];
  let before = sums[path[0]?.place ?? -1] ?? 0;
  for (const branch of path.slice(1)) {
    if (branch.children.length < 2 || branch.classes > tooWide || !isSaid(branch)) continue;
    const sum = sums[branch.place] ?? 0;
    // The narrowest name is always told: that nothing beside the class is likely is an answer too.
    if (levels.length > 0 && sum - before < worth) continue;
    levels.push({ branch, sum });
    before = sum;
  }
  if (levels.length <= most) return levels;
  // The narrowest and the surest, and between them the one that gains most on the one before it.
  const inner = levels
    .map((level, at) => ({ level, at, gain: level.sum - (levels[at - 1]?.sum ?? 0) }))
    .slice(1, -1)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, most - 2)
    .sort((a, b) => a.at - b.at)
    .map(({ level }) => level);
  return [...levels.slice(0, 1), ...inner, ...levels.slice(-1)];
}
