import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fromBuffer } from 'yauzl';

/** What is in a zip archive, by path. */
export async function zipEntries(path: string): Promise<Map<string, Buffer>> {
  const archive = await readFile(path);
  const entries = new Map<string, Buffer>();
  await new Promise<void>((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (failed, zip) => {
      if (failed) return reject(failed);
      zip.on('entry', (entry: { fileName: string }) => {
        zip.openReadStream(entry as never, (refused, stream) => {
          if (refused) return reject(refused);
          void buffer(stream).then((content) => {
            entries.set(entry.fileName, content);
            zip.readEntry();
          }, reject);
        });
      });
      zip.on('end', () => resolve());
      zip.on('error', reject);
      zip.readEntry();
    });
  });
  return entries;
}
