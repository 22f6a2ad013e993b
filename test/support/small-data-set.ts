import type { Split } from '#contract/data.ts';
import { MemorySource } from '#engine/data/memory-source.ts';
import { MemoryDataSet } from './memory-data-set.ts';

interface Small {
  readonly height?: number;
  readonly width?: number;
  readonly channels?: number;
  readonly classes?: number;
  readonly splits?: Partial<Record<Split, { labels: number[]; pixels?: number[] }>>;
}

/** A data set in memory; without pixels given, every pixel of image i is i (mod 256). */
export function smallDataSet({ height = 2, width = 2, channels = 1, classes = 3, splits = {} }: Small): MemoryDataSet {
  const size = height * width * channels;
  const sources = new Map<Split, MemorySource>();
  for (const [split, { labels, pixels }] of Object.entries(splits)) {
    const filled = pixels ?? labels.flatMap((_, index) => new Array<number>(size).fill(index % 256));
    sources.set(split as Split, new MemorySource(Uint8Array.from(filled), Uint16Array.from(labels)));
  }
  const summary = {
    id: 'small',
    name: 'Small',
    kind: 'idx' as const,
    ...{ height, width, channels },
    classes: Array.from({ length: classes }, (_, label) => `class ${label}`),
    splits: Object.fromEntries([...sources].map(([split, source]) => [split, source.count])),
    hash: 'hash',
    files: [],
    problems: [],
  };
  return new MemoryDataSet(summary, sources);
}
