import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '#contract/failures.ts';
import { workerFile } from '#engine/worker-file.ts';
import type { HdfStep, WritingAnswer, WritingWord } from './writing-steps.ts';

/** Values that are on their way to the thread at once, bytes: so much is copied, whatever the model's size. */
const together = 32 * 2 ** 20;

/**
 * Writes an HDF5 file that is not there yet, in a thread. Rejects with the signal's reason when aborted.
 * Fails: `file/not-writable`, `file/missing` when the thread's program is not there. What was written stays behind.
 */
export async function writeHdf5(path: string, steps: Iterable<HdfStep>, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const worker = new Worker(workerFile('hdf5-write-worker.cjs', 'write-worker.ts', import.meta.url), {
    workerData: path,
  });
  const gone = new AbortController();
  worker.once('exit', () => gone.abort());
  const failed = (reason: string, cause?: unknown) =>
    new AppError('file/not-writable', `${path} cannot be written: ${reason}.`, { file: path, reason }, cause);
  const answered = async (): Promise<void> => {
    const [answer] = (await once(worker, 'message', { signal: gone.signal }).catch((thrown: unknown) => {
      throw failed(gone.signal.aborted ? 'its thread ended' : (thrown as Error).message, thrown);
    })) as [WritingAnswer];
    if ('failed' in answer) throw failed(answer.failed);
  };
  const tell = async (word: WritingWord, moved: ArrayBuffer[] = []): Promise<void> => {
    signal?.throwIfAborted();
    const answer = answered();
    worker.postMessage(word, moved);
    await answer;
  };
  try {
    await answered();
    for (const batch of batches(steps)) await tell({ steps: batch }, batch.flatMap(movedOf));
    await tell({ end: true });
  } finally {
    await worker.terminate();
  }
}

/** Values are copied, so that the thread may have them and the model keeps its own. */
function* batches(steps: Iterable<HdfStep>): Generator<HdfStep[]> {
  let batch: HdfStep[] = [];
  let bytes = 0;
  for (const step of steps) {
    batch.push(step.kind === 'values' ? { ...step, values: step.values.slice() } : step);
    bytes += step.kind === 'values' ? step.values.byteLength : 256;
    if (bytes < together) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

const movedOf = (step: HdfStep) => (step.kind === 'values' ? [step.values.buffer as ArrayBuffer] : []);
