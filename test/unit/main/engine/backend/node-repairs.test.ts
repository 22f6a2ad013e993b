import util from 'node:util';
import { expect, test } from 'vitest';
import { repairNodeUtil } from '#engine/backend/node-repairs.ts';

// As Node 23 took them away and tfjs-node 4.22 still calls them.
const old = util as unknown as { isNullOrUndefined: (value: unknown) => boolean; isArray: (value: unknown) => boolean };

test.each([
  [null, true, false],
  [undefined, true, false],
  [0, false, false],
  ['', false, false],
  [[], false, true],
  [new Float32Array(1), false, false],
])('%j: nothing %s, an array %s', (value, nothing, array) => {
  repairNodeUtil();
  expect([old.isNullOrUndefined(value), old.isArray(value)]).toEqual([nothing, array]);
});
