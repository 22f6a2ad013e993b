import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { useKnownFilm } from '../ffmpeg/probe.ts';
import { readFrames } from '../ffmpeg/read-frames.ts';
import { useTools } from '../ffmpeg/tools.ts';
import { readInto } from './reading-stage.ts';
import { told, type ReadingOrder, type ReadingParts, type ReadingWord } from './thread-words.ts';

const ending = new AbortController();
const say = (word: ReadingWord) => parentPort?.postMessage(word);

// No frame is read twice, and each is small.
sharp.concurrency(1);
sharp.cache(false);
parentPort?.on('message', (order: ReadingOrder) => {
  if (order !== 'abort') return void work(order.begin);
  ending.abort();
  parentPort?.close();
});

async function work(parts: ReadingParts): Promise<void> {
  useTools(parts.tools);
  useKnownFilm(parts.known);
  try {
    const end = await readInto(parts, readFrames, (frame) => say({ frame }), ending.signal);
    say({ end });
  } catch (thrown) {
    say(told(thrown));
    parentPort?.close();
  } finally {
    parts.freed.close();
  }
}
