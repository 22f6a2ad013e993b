import { expect, test } from 'vitest';
import { chosenImages } from '#engine/explain/heat-of-many.ts';

const source = { count: 10, labels: Uint16Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0, 1) };

test.each([
  ['all', { most: 500 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['of a class', { most: 500, of: 1 }, [1, 3, 5, 7, 9]],
  ['listed, in their order', { most: 500, indices: [7, 2] }, [7, 2]],
  ['listed and of a class', { most: 500, indices: [7, 2], of: 0 }, [2]],
  ['the most, from everywhere', { most: 3 }, [0, 3, 6]],
  ['none', { most: 3, of: 4 }, []],
])('images: %s', (_, asked, indices) => {
  expect(chosenImages(source, asked)).toEqual(indices);
});
