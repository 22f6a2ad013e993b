import { describe, expect, test } from 'vitest';
import { fraction, probeArguments, readArguments, writeArguments } from '#engine/video/ffmpeg/command.ts';
import type { Tools } from '#engine/video/ffmpeg/tools.ts';

const tools: Tools = {
  ...{ ffmpeg: '/bin/ffmpeg', ffprobe: '/bin/ffprobe', version: '5.1', from: 'system', library: 57 },
  ...{ toneMapping: true, h264: 'libx264', leash: [] },
};
const odd = '/films/a b; $(rm) "c" \'d\' %d.mp4';

/** What follows a word, in each place where it stands. */
const after = (words: string[], word: string) => words.flatMap((each, i) => (each === word ? [words[i + 1]] : []));

describe('command lines', () => {
  const reading = { path: odd, stream: 2, filters: ['settb=1/1000000', 'scale=w=4:h=2'], seek: 1.5 };
  const sound = { path: odd, stream: 1, offset: -0.32, part: null, copied: true };
  const writing = { path: '/out dir/x.mp4', width: 64, height: 48, rate: null, quality: 20, encoder: 'libx264', sound };

  test('a path is one word, a file and nothing else', () => {
    for (const words of [
      readArguments(reading, tools),
      writeArguments(writing, tools),
      probeArguments({ path: odd, show: [] }),
    ]) {
      expect(words).toContain(`file:${odd}`);
    }
    expect(writeArguments(writing, tools).at(-1)).toBe('file:/out dir/x.mp4');
  });

  test('every file that a person gave is opened with files and pipes alone, and no list of other files', () => {
    for (const words of [
      readArguments(reading, tools),
      writeArguments(writing, tools),
      probeArguments({ path: odd, show: [] }),
    ]) {
      expect(new Set(after(words, '-protocol_whitelist'))).toEqual(new Set(['file,pipe']));
      for (const list of after(words, '-format_whitelist')) {
        const formats = list?.split(',') ?? [];
        expect(formats).toContain('mov');
        for (const dangerous of ['hls', 'concat', 'dash', 'sdp', 'rtsp', 'image2', 'lavfi', 'tty', 'imf']) {
          expect(formats).not.toContain(dangerous);
        }
      }
      expect(after(words, '-format_whitelist')).toHaveLength(1);
    }
  });

  test('ffmpeg asks nothing, and takes the stream it is told', () => {
    const words = readArguments(reading, tools);
    expect(words).toContain('-nostdin');
    expect(after(words, '-map')).toEqual(['0:2']);
    expect(after(words, '-ss')).toEqual(['1.500000']);
    expect(words.indexOf('-ss')).toBeLessThan(words.indexOf('-i'));
    expect(after(words, '-filter:v')).toEqual(['settb=1/1000000,scale=w=4:h=2']);
    expect(words.at(-1)).toBe('pipe:1');
  });

  test('no frame is repeated or left out, in the words of the ffmpeg that is there', () => {
    expect(after(readArguments(reading, tools), '-fps_mode')).toEqual(['passthrough']);
    expect(after(readArguments(reading, { ...tools, library: 56 }), '-vsync')).toEqual(['0']);
  });

  test('sound is copied and moved, or cut and encoded', () => {
    expect(after(writeArguments(writing, tools), '-itsoffset')).toEqual(['-0.320000']);
    expect(after(writeArguments(writing, tools), '-acodec')).toEqual(['copy']);
    const part = { from: 2, length: 3 };
    const words = writeArguments({ ...writing, sound: { ...sound, offset: 0, part, copied: false } }, tools);
    expect([after(words, '-ss'), after(words, '-t'), after(words, '-acodec')]).toEqual([
      ['2.000000'],
      ['3.000000'],
      ['aac'],
    ]);
    expect(writeArguments({ ...writing, sound: null }, tools)).toContain('-an');
  });

  test('an odd side is made even by repeating its last row or column', () => {
    expect(after(writeArguments({ ...writing, width: 63 }, tools), '-filter:v')[0]).toContain('pad=64:48');
    expect(after(writeArguments(writing, tools), '-filter:v')[0]).not.toContain('pad');
  });

  test.each([
    [25, '25/1'],
    [29.97, '30000/1001'],
    [23.976, '24000/1001'],
    [59.94, '60000/1001'],
    [12.5, '12500/1000'],
    [0.5, '500/1000'],
  ])('%d frames a second are %s', (rate, expected) => expect(fraction(rate)).toBe(expected));
});
