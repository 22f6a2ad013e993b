import { expect, test } from 'vitest';
import { packetsIn, plain, unreadableFilm } from '#engine/video/ffmpeg/ffprobe.ts';

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

test('packets are told by when they are shown; where not all say so, by when they are decoded', () => {
  expect(packetsIn('0.08,0.00,0.04,K_\n0.04,0.04,0.04,_D\n\n')).toEqual([
    { time: 0.08, length: 0.04, discarded: false },
    { time: 0.04, length: 0.04, discarded: true },
  ]);
  expect(packetsIn('N/A,0.00,0.04,K_\nN/A,0.04,N/A,__\n')).toEqual([
    { time: 0, length: 0.04, discarded: false },
    { time: 0.04, length: 0, discarded: false },
  ]);
  const timesOf = (text: string) => packetsIn(text).map(({ time }) => time);
  expect(timesOf('N/A,0.00,0.04,K_\n0.12,0.04,0.04,__')).toEqual([0, 0.04]);
  expect(timesOf('0.08,0.00,0.04,K_\nN/A,N/A,0.04,__')).toEqual([0.08, NaN]);
});
