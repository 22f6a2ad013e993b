import { parentPort, workerData } from 'node:worker_threads';
import { FileProblem } from '../file-problem.ts';
import { Hdf5File } from './hdf5-file.ts';
import { openSandbox } from './sandbox.ts';
import type { Hdf5Job, Hdf5Limits, Hdf5Word } from './words.ts';

/** The whole of a thread that reads HDF5 files, one after the other; what is asked is of the last one. */
export async function serveHdf5(): Promise<void> {
  const limits = workerData as Hdf5Limits;
  const module = await openSandbox(limits.heap);
  let open: Hdf5File | null = null;
  const answer = (job: Hdf5Job): void => {
    const { ticket } = job;
    try {
      if (job.ask === 'outline') {
        const before = open;
        open = null;
        before?.close();
        open = new Hdf5File(module, job.source, limits);
        return say({ ticket, outline: open.outline });
      }
      if (!open) throw new Error('No file is open.');
      const values = open.values(job.path, job.shape);
      say({ ticket, values }, [values.buffer as ArrayBuffer]);
    } catch (thrown) {
      // What is no problem of the file's is one of libhdf5's memory: the thread must not go on with it.
      if (!(thrown instanceof FileProblem)) throw thrown;
      say({ ticket, problem: { kind: thrown.kind, reason: thrown.message, spent: open?.spent ?? true } });
    }
  };
  parentPort?.on('message', answer);
  say({ ready: true });
}

const say = (word: Hdf5Word, moved: ArrayBuffer[] = []) => parentPort?.postMessage(word, moved);
