import type { TreeNode } from '#contract/prediction.ts';

/** A synset with those below it. */
export interface Branch {
  readonly id: string;
  readonly name: string;
  readonly parent: Branch | null;
  readonly children: readonly Branch[];
  /** Of a class: its place among the thousand. */
  readonly index: number | null;
  /** Classes at or below it. */
  readonly classes: number;
  /** Its place among all, parents before children. */
  readonly place: number;
}

export interface ClassTree {
  readonly root: Branch;
  /** Parents before children. */
  readonly all: readonly Branch[];
  /** By the class's index. */
  readonly leaves: ReadonlyMap<number, Branch>;
}

type Growing = { -readonly [K in keyof Branch]: Branch[K] } & { children: Branch[] };

/** @param nodes flat, parents before children, one without a parent; undefined when there is none */
export function treeOf(nodes: readonly TreeNode[]): ClassTree | undefined {
  const all: Growing[] = [];
  const byId = new Map<string, Growing>();
  const leaves = new Map<number, Branch>();
  for (const { id, name, parent, index } of nodes) {
    const above = parent === null ? null : (byId.get(parent) ?? null);
    if (parent !== null && !above) continue;
    const branch: Growing = {
      ...{ id, name, parent: above, children: [], index: index ?? null },
      ...{ classes: index === undefined ? 0 : 1, place: all.length },
    };
    all.push(branch);
    byId.set(id, branch);
    above?.children.push(branch);
    if (index !== undefined) leaves.set(index, branch);
  }
  for (const branch of [...all].reverse()) {
    const above = branch.parent as Growing | null;
    if (above) above.classes += branch.classes;
  }
  const root = all.find(({ parent }) => parent === null);
  return root && { root, all, leaves };
}

/** From the root down to the branch. */
export function pathTo(branch: Branch | null | undefined): Branch[] {
  const path: Branch[] = [];
  for (let at = branch ?? null; at; at = at.parent) path.unshift(at);
  return path;
}

/** Probabilities summed up the tree, by the branches' places. @param softmax by class index */
export function sumsOf(tree: ClassTree, softmax: readonly number[]): Float64Array {
  const sums = new Float64Array(tree.all.length);
  for (const { place, index, parent } of [...tree.all].reverse()) {
    if (index !== null) sums[place] = (sums[place] ?? 0) + (softmax[index] ?? 0);
    if (parent) sums[parent.place] = (sums[parent.place] ?? 0) + (sums[place] ?? 0);
  }
  return sums;
}

/** A branch whose only content is another says nothing that the other does not: the last of such a chain. */
export function withoutChain(branch: Branch): Branch {
  let at = branch;
  for (;;) {
    const [only, ...others] = at.children;
    if (!only || others.length > 0 || at.index !== null) return at;
    at = only;
  }
}

/** Names that nobody says, by their WordNet ids: they would only lengthen the way. */
const unsaid = new Set([
  ...['n00001930', 'n00002684', 'n00003553', 'n00004258', 'n00004475', 'n00020827', 'n01466257'],
  ...['n01886756', 'n03575240', 'n03122748', 'n03100490', 'n01661818'],
]);

/** Whether a name helps people: `animal` and `cat` do, `whole` and `placental` do not. */
export function isSaid({ id }: Pick<Branch, 'id'>): boolean {
  return !unsaid.has(id);
}

/**
 * The branches of a path that tell something: its first and its last, and between them names that people say and that
 * leave out a good part of what the one before them holds.
 */
export function landmarks(path: readonly Branch[], always?: Branch): Branch[] {
  const kept: Branch[] = [];
  for (const [at, branch] of path.entries()) {
    const before = kept.at(-1);
    const ends = at === 0 || at === path.length - 1 || branch === always;
    const tells = isSaid(branch) && branch.children.length > 1 && branch.classes <= 0.9 * (before?.classes ?? 0);
    if (ends || tells) kept.push(branch);
  }
  return kept;
}
