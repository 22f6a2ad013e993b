import { expect, test } from 'vitest';
import { hoveringOf } from '#state/import-types.ts';

test.each([
  { title: 'a folder, or a file of no known type', types: [''], kind: 'data' },
  { title: 'gzip files', types: ['application/gzip', ''], kind: 'data' },
  { title: 'pictures', types: ['image/jpeg', 'image/webp'], kind: 'images' },
  { title: 'pictures and a folder', types: ['image/jpeg', ''], kind: 'data' },
  { title: 'an archive', types: ['application/x-zip-compressed'], kind: 'archive' },
  { title: 'a film', types: ['video/mp4'], kind: 'film' },
  { title: 'a film among pictures', types: ['image/png', 'video/mp4'], kind: 'film' },
  { title: 'a sound', types: ['audio/mpeg'], kind: 'foreign' },
  { title: 'a sound among pictures, which the report will name', types: ['image/png', 'audio/mpeg'], kind: 'data' },
  { title: 'nothing that is told', types: [], kind: 'data' },
])('$title hovers as $kind', ({ types, kind }) => expect(hoveringOf(types).kind).toBe(kind));
