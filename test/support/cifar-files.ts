import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** One plane after the other; red is 3·record + its place, green 1 more, blue 2 more (modulo 256). */
export function cifarRecords(labels: readonly (readonly number[])[]): Buffer {
  return Buffer.concat(
    labels.map((bytes, record) => {
      const planes = Array.from({ length: 3072 }, (_, at) => (3 * record + (at % 1024) + Math.floor(at / 1024)) % 256);
      return Buffer.from([...bytes, ...planes]);
    }),
  );
}

/** The value that `cifarRecords` gives a pixel. */
export const cifarPixel = (record: number, row: number, column: number, channel: number): number =>
  (3 * record + 32 * row + column + channel) % 256;

export const fineCifar = (count: number, from = 0) =>
  cifarRecords(Array.from({ length: count }, (_, record) => [(record + from) % 20, (7 * record + from) % 100]));
export const tenCifar = (count: number, from = 0) =>
  cifarRecords(Array.from({ length: count }, (_, record) => [(record + from) % 10]));

export async function writeFiles(folder: string, files: Readonly<Record<string, Buffer | string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** A tar archive as the sets' pages offer them, packed as gz. */
export function tarGz(files: Readonly<Record<string, Buffer | string>>): Buffer {
  const pieces: Buffer[] = [];
  for (const [path, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string);
    const head = new Header({ path, mode: 0o644, size: bytes.length, type: 'File', mtime: new Date(0) });
    const block = Buffer.alloc(512);
    head.encode(block, 0);
    pieces.push(block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...pieces, Buffer.alloc(1024)]));
}
