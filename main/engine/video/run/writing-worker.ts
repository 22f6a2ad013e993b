import { parentPort } from 'node:worker_threads';
import { openWriter } from '../ffmpeg/open-writer.ts';
import { useKnownFilm } from '../ffmpeg/probe.ts';
import { useTools } from '../ffmpeg/tools.ts';
import { told, type HeatedFrame, type WritingOrder, type WritingParts, type WritingWord } from './thread-words.ts';
import { WritingStage, type WritingNews } from './writing-stage.ts';

const ending = new AbortController();
const say = (word: WritingWord, moved: ArrayBuffer[] = []) => parentPort?.postMessage(word, moved);

/** What came and was not begun; `null` = that was all. */
const queue: (HeatedFrame | null)[] = [];
let wake: () => void = () => undefined;

parentPort?.on('message', (order: WritingOrder) => {
  if (order === 'abort') ending.abort();
  else if (order === 'finish') queue.push(null);
  else if ('begin' in order) void begin(order.begin);
  else queue.push(...order.frames);
  if (ending.signal.aborted) parentPort?.close();
  wake();
});

async function begin(parts: WritingParts): Promise<void> {
  useTools(parts.tools);
  useKnownFilm(parts.known);
  try {
    await work(parts);
  } catch (thrown) {
    ending.abort(); // a frame that cannot be composed ends the encoder too
    say(told(thrown));
    parentPort?.close();
  } finally {
    parts.freed.close();
  }
}

async function work(parts: WritingParts): Promise<void> {
  const news: WritingNews = {
    written: (written, picture) => {
      if (picture) say({ written, picture }, [picture.pixels.buffer as ArrayBuffer]);
      else say({ written });
    },
    freed: (slot) => parts.freed.postMessage([slot]),
  };
  const stage = await WritingStage.open(parts, openWriter, news, ending.signal);
  for (;;) {
    ending.signal.throwIfAborted();
    const next = queue.shift();
    if (next) await stage.write(next);
    else if (next === null) return say({ end: await stage.finish() });
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
