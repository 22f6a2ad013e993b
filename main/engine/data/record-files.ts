import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ifPresent } from '#engine/project/file-failure.ts';
import { dataRecord, type DataRecord } from './record.ts';

/** Those that can be read. */
export async function readRecords(folder: string): Promise<DataRecord[]> {
  const names = ((await ifPresent(readdir(folder))) ?? []).filter((name) => name.endsWith('.json'));
  const read = await Promise.all(names.map((name) => readRecord(join(folder, name))));
  return read.filter((record) => record !== null);
}

/** null where there is none, or none that this version reads. */
export async function readRecord(file: string): Promise<DataRecord | null> {
  const text = await ifPresent(readFile(file, 'utf8'));
  try {
    return dataRecord.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}
