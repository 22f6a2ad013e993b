import { expect, test } from 'vitest';
import { plain, unreadableFilm } from '#engine/video/ffmpeg/ffprobe.ts';

test.each([
  [
    '[mov,mp4 @ 0x55] moov atom not found\nfile:/a b.mp4: Invalid data found when processing input',
    /index \(moov\) is missing/,
  ],
  ['file:/a b.mp4: Invalid data found when processing input', /of no kind that ffmpeg knows/],
  ['[file @ 0x1] something new.\n\n', /^something new$/],
  ['', /says nothing more/],
])('what ffmpeg says of a file becomes one reason: %s', (said, reason) => {
  const failure = unreadableFilm('/a b.mp4', said);
  expect(failure.code).toBe('film/unreadable');
  expect(failure.details['reason']).toMatch(reason);
  expect(failure.details['reason']).not.toContain('/a b.mp4');
});

test('levels, addresses in memory and the file’s name are left out', () => {
  expect(plain('[h264 @ 0x55] [error] file:/a.mp4: no frame.', '/a.mp4')).toBe('no frame');
});
