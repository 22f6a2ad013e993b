import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { readFrames } from '../ffmpeg/read-frames.ts';
import { useTools } from '../ffmpeg/tools.ts';
import { readInto } from './reading-stage.ts';
import { told, type ReadingParts, type ReadingWord } from './thread-words.ts';

const parts = workerData as ReadingParts;
const ending = new AbortController();
useTools(parts.tools);
const say = (word: ReadingWord) => parentPort?.postMessage(word);

// No frame is read twice, and each is small.
sharp.concurrency(1);
sharp.cache(false);
parentPort?.on('message', () => ending.abort());
void readInto(parts, readFrames, (frame) => say({ frame }), ending.signal)
  .then((end) => say({ end }))
  .catch((thrown: unknown) => say(told(thrown)))
  .finally(() => {
    parts.freed.close();
    parentPort?.close();
  });
