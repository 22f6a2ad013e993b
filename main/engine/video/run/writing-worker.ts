import { parentPort, workerData } from 'node:worker_threads';
import { openWriter } from '../ffmpeg/open-writer.ts';
import { useTools } from '../ffmpeg/tools.ts';
import { told, type HeatedFrame, type ThreadOrder, type WritingParts, type WritingWord } from './thread-words.ts';
import { WritingStage, type WritingNews } from './writing-stage.ts';

const parts = workerData as WritingParts;
const ending = new AbortController();
useTools(parts.tools);
const say = (word: WritingWord, moved: ArrayBuffer[] = []) => parentPort?.postMessage(word, moved);

const news: WritingNews = {
  written: (written, picture) => {
    if (picture) say({ written, picture }, [picture.pixels.buffer as ArrayBuffer]);
    else say({ written });
  },
  freed: (slot) => parts.freed.postMessage([slot]),
};

/** What came and was not begun; `null` = that was all. */
const queue: (HeatedFrame | null)[] = [];
let wake: () => void = () => undefined;

parentPort?.on('message', (order: ThreadOrder) => {
  if (order === 'abort') ending.abort();
  else if (order === 'finish') queue.push(null);
  else queue.push(...order.frames);
  wake();
});

void work()
  .catch((thrown: unknown) => {
    ending.abort(); // a frame that cannot be composed ends the encoder too
    say(told(thrown));
  })
  .finally(() => {
    parts.freed.close();
    parentPort?.close();
  });

async function work(): Promise<void> {
  const stage = await WritingStage.open(parts, openWriter, news, ending.signal);
  for (;;) {
    ending.signal.throwIfAborted();
    const next = queue.shift();
    if (next) await stage.write(next);
    else if (next === null) return say({ end: await stage.finish() });
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
