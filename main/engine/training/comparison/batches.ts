import { open, readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { batchRecord, type BatchRecord } from '#contract/training.ts';
import { ifPresent } from '#engine/project/file-failure.ts';
import { batchesFile } from '../run-files.ts';

/** Lines parsed between two turns of the event loop: some 2 ms, for a run may be training meanwhile. */
const chunk = 1000;

/** Every batch of a run, unthinned: what is smoothed must be whole. Torn lines are passed over. Fails: `file/unreadable`. */
export async function allBatches(folder: string): Promise<BatchRecord[]> {
  const text = (await ifPresent(readFile(batchesFile(folder), 'utf8'))) ?? '';
  const records: BatchRecord[] = [];
  for (let at = 0, lines = 1; at < text.length; lines++) {
    const end = text.indexOf('\n', at);
    const record = batchOf(text.slice(at, end < 0 ? undefined : end));
    if (record) records.push(record);
    at = end < 0 ? text.length : end + 1;
    if (lines % chunk === 0) await setImmediate();
  }
  return records;
}

/** Batches of an epoch, as the run's first batch says; 1 before there is any. Fails: `file/unreadable`. */
export async function stepsPerEpoch(folder: string): Promise<number> {
  const handle = await ifPresent(open(batchesFile(folder), 'r'));
  if (!handle) return 1;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    const [line = ''] = buffer.toString('utf8', 0, bytesRead).split('\n');
    return batchOf(line)?.batches ?? 1;
  } finally {
    await handle.close();
  }
}

function batchOf(line: string): BatchRecord | null {
  try {
    const checked = batchRecord.safeParse(JSON.parse(line));
    return checked.success ? checked.data : null;
  } catch {
    return null;
  }
}
