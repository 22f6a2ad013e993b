import { expect, test } from 'vitest';
import { lastPart } from '#state/last-part.ts';

test.each([
  ['/home/me/cats', 'cats'],
  ['/home/me/cats/', 'cats'],
  ['C:\\Users\\me\\cat.mp4', 'cat.mp4'],
  ['cat.mp4', 'cat.mp4'],
  ['', ''],
])('of %j it is %j', (path, name) => expect(lastPart(path)).toBe(name));
