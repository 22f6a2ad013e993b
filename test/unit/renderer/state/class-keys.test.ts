import { expect, test } from 'vitest';
import { classOfKey } from '#state/class-keys.ts';

const digits = Array.from({ length: 10 }, (_, digit) => String(digit));

test.each([
  ['a digit is the class of that name', '7', digits, 7],
  ['also 0', '0', digits, 0],
  ['else 1 is the first class', '1', ['cat', 'dog'], 0],
  ['and 2 the second', '2', ['cat', 'dog'], 1],
  ['there is no third', '3', ['cat', 'dog'], undefined],
  ['0 is none of theirs', '0', ['cat', 'dog'], undefined],
  ['letters are no classes', 'a', ['a'], undefined],
])('%s', (_, key, classes, place) => expect(classOfKey(key, classes)).toBe(place));
