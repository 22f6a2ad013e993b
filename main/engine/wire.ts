import { implement } from '@orpc/server';
import { engineContract } from '#contract/engine.ts';

/**
 * The contract as something to implement: `wire.data.list.handler(…)`. Each room answers its own calls in `calls.ts`;
 * index.ts puts them together with `wire.router`, which does not compile while one is missing.
 */
export const wire = implement(engineContract);
