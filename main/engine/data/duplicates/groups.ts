/** Sets of things that belong together: union–find with path halving (Tarjan and van Leeuwen, 1984). */
export class Groups {
  readonly #parents: Uint32Array;

  constructor(count: number) {
    this.#parents = Uint32Array.from({ length: count }, (_, index) => index);
  }

  /** The lowest of those that belong to it. */
  find(index: number): number {
    const parents = this.#parents;
    let at = index;
    for (let parent = parents[at] ?? at; parent !== at; parent = parents[at] ?? at) {
      const above = parents[parent] ?? parent;
      parents[at] = above;
      at = above;
    }
    return at;
  }

  join(one: number, other: number): void {
    const [a, b] = [this.find(one), this.find(other)];
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }

  /** Those of two and more, each ascending, in the order of their lowest. */
  ofSeveral(): number[][] {
    const members = new Map<number, number[]>();
    for (let index = 0; index < this.#parents.length; index++) {
      const lowest = this.find(index);
      if (lowest === index) continue;
      const group = members.get(lowest);
      if (group) group.push(index);
      else members.set(lowest, [lowest, index]);
    }
    return [...members.values()].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  }
}
