import { wire } from '#engine/wire.ts';
import type { Comparison } from './comparison.ts';

export function comparisonCalls({ comparison }: { comparison(): Comparison }) {
  return {
    table: wire.comparison.table.handler(({ input }) => comparison().table(input.runs)),
    curves: wire.comparison.curves.handler(({ input }) => comparison().curves(input)),
  };
}
