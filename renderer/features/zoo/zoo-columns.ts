import type { ZooEntry } from '#contract/zoo.ts';
import type { ZooColumnId } from '#state/zoo.svelte.ts';

export interface ZooColumn {
  readonly id: ZooColumnId;
  /** Null = nobody says, or not measured yet. */
  value(entry: ZooEntry): string | number | null;
}

const places = { inside: 2, cache: 1, no: 0 } as const;

export const zooColumns: readonly ZooColumn[] = [
  { id: 'name', value: ({ name }) => name },
  { id: 'size', value: ({ megabytes }) => megabytes },
  { id: 'top1', value: ({ top1 }) => top1 },
  { id: 'top5', value: ({ top5 }) => top5 },
  { id: 'parameters', value: ({ parameters }) => parameters },
  { id: 'depth', value: ({ depth }) => depth },
  { id: 'one', value: ({ milliseconds }) => milliseconds?.one ?? null },
  { id: 'eight', value: ({ milliseconds }) => milliseconds?.eight ?? null },
  { id: 'here', value: ({ here }) => places[here] },
];

/** By one column; what has no figure comes last either way, equals by size. */
export function sorted(
  entries: readonly ZooEntry[],
  { column, down }: { readonly column: ZooColumnId; readonly down: boolean },
): ZooEntry[] {
  const valueOf = zooColumns.find(({ id }) => id === column)?.value ?? (() => null);
  return [...entries].sort((a, b) => {
    const [one, two] = [valueOf(a), valueOf(b)];
    if (one === null || two === null) return Number(one === null) - Number(two === null) || a.megabytes - b.megabytes;
    const order = typeof one === 'string' ? one.localeCompare(String(two)) : one - Number(two);
    return (down ? -order : order) || a.megabytes - b.megabytes;
  });
}
