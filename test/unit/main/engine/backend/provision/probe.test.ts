import { expect, test } from 'vitest';
import { plainNode } from '#engine/backend/provision/probe.ts';

const inElectron = { ...process.versions, electron: '45.4.1' };

test('an addon is tried on this Node; in a package, whose program is no Node, on the one that it carries', () => {
  expect(plainNode({ HEATLENS_NODE: '/package/node' }, process.versions)).toBe(process.execPath);
  expect(plainNode({ HEATLENS_NODE: '/package/node' }, inElectron)).toBe('/package/node');
  expect(plainNode({}, inElectron)).toBe(process.execPath);
});
