import { expect, test } from 'vitest';
import { arePictures } from '#state/receive-photos.ts';

test.each([
  { paths: ['/a/cat.jpg'], want: true },
  { paths: ['/a/cat.JPEG', 'C:\\b\\dog.png', '/c/x.webp'], want: true },
  { paths: ['/a/cat.jpg', '/a/folder'], want: false },
  { paths: ['/a/train-images.idx3-ubyte'], want: false },
  { paths: ['/a/model.keras'], want: false },
  { paths: ['/a/photos.zip'], want: false },
  { paths: [], want: false },
])('$paths are pictures: $want', ({ paths, want }) => {
  expect(arePictures(paths)).toBe(want);
});
