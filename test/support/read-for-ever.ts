import { access } from 'node:fs/promises';
import { openWriter } from '#engine/video/ffmpeg/open-writer.ts';
import { probeFilm } from '#engine/video/ffmpeg/probe.ts';
import { readFrames } from '#engine/video/ffmpeg/read-frames.ts';

// Reads a film again and again and writes it, until it is killed: node program.mjs FILM OUT
const [, , path = '', out = ''] = process.argv;
const { signal } = new AbortController();
await access(path);
const facts = await probeFilm(path, signal);
const film = { id: 'film', name: 'film', path, size: 1, opened: '', facts };
const size = { width: facts.width, height: facts.height };
const sound = facts.sound.length > 0 ? { film } : null;
const writer = await openWriter({ path: out, size, rate: 25, quality: 20, sound }, signal);
for (let frame = 0; ;) {
  // One reader is always in the middle of the film when the end comes.
  for await (const { pixels } of readFrames({ film, size, rate: 'source' }, signal)) {
    await writer.write(pixels, frame++ / 25);
    if (frame === 5) process.stdout.write('begun\n');
  }
}
