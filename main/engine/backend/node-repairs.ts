import util from 'node:util';

/**
 * tfjs-node 4.22 calls two functions of node:util that Node 23 removed (tfjs#8425, fixed there but never released).
 * They go back before its kernels load; on Node 22 this also silences their deprecation warning.
 */
export function repairNodeUtil(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
    isArray: Array.isArray,
  });
}
