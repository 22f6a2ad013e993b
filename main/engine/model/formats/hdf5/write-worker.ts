import { parentPort, workerData } from 'node:worker_threads';
import type { File, Group } from 'h5wasm';
import type { HdfStep, WritingAnswer, WritingWord } from './writing-steps.ts';

/** Writes one HDF5 file, word by word; what is written by h5wasm blocks, so it has a thread of its own. */
async function serve(): Promise<void> {
  // Its build for Node writes to the file itself, where the other keeps it in memory. ES modules only: not by `require`.
  const h5wasm = await import('h5wasm/node');
  await h5wasm.ready;
  const file = new h5wasm.File(workerData as string, 'w');
  // It throws nothing of its own: what HDF5 answers below zero is a failure.
  if (file.file_id < 0n) throw new Error('HDF5 cannot make it');
  parentPort?.on('message', (word: WritingWord) => {
    try {
      if ('end' in word) {
        file.flush();
        if (file.close() < 0) throw new Error('HDF5 cannot finish it');
      } else for (const step of word.steps) write(file, step);
      say({ done: true });
    } catch (thrown) {
      say({ failed: thrown instanceof Error ? thrown.message : String(thrown) });
    }
    if ('end' in word) parentPort?.close();
  });
  say({ done: true });
}

const say = (answer: WritingAnswer) => parentPort?.postMessage(answer);

function write(file: File, step: HdfStep): void {
  switch (step.kind) {
    case 'group':
      groupAt(file, step.path);
      return;
    case 'attribute': {
      const group = groupAt(file, step.path);
      if (typeof step.value === 'string') group.create_attribute(step.name, step.value);
      else if (step.value.length === 0) group.create_attribute(step.name, new Float64Array(0), [0], '<d');
      else group.create_attribute(step.name, [...step.value]);
      return;
    }
    case 'values': {
      const { group, name } = placeOf(file, step.path);
      group.create_dataset({ name, data: step.values, shape: [...step.shape], dtype: '<f4' });
      return;
    }
    case 'whole': {
      const { group, name } = placeOf(file, step.path);
      group.create_dataset({ name, data: BigInt64Array.of(BigInt(step.value)), shape: [], dtype: '<q' });
    }
  }
}

function placeOf(file: File, path: string): { group: Group; name: string } {
  const cut = path.lastIndexOf('/');
  return { group: groupAt(file, path.slice(0, Math.max(0, cut))), name: path.slice(cut + 1) };
}

function groupAt(file: File, path: string): Group {
  let group: Group = file;
  for (const name of path.split('/').filter((part) => part !== '')) {
    group = (group.get(name) as Group | null) ?? group.create_group(name);
  }
  return group;
}

serve().catch((thrown: unknown) => say({ failed: thrown instanceof Error ? thrown.message : String(thrown) }));
