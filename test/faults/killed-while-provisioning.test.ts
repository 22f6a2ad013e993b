import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { download } from '#engine/backend/provision/download.ts';
import { withLock } from '#engine/backend/provision/lock.ts';
import { fileServer } from '#test/support/file-server.ts';
import { bundled, killAfterStart } from '#test/support/killed-program.ts';
import { silentWork } from '#test/support/silent-work.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const content = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => (at * 2_654_435_761) >>> 24));

test('killed while it downloads: the lock is taken over, and only what is missing is fetched', async () => {
  // The first answer breaks off the flow after 400,000 bytes without ending it, so the kill comes in the middle.
  const server = await fileServer(content, (_request, response, count) => {
    if (count > 1) return false;
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 400_000));
    return true;
  });
  const folder = await temporaryFolder();
  const file = join(folder, 'engine.whl');
  await killAfterStart(await bundled('download-for-ever'), [server.url, file], 1000);
  expect(existsSync(join(folder, 'engine.lock')), 'the lock of the killed one').toBe(true);
  expect((await stat(`${file}.part`)).size).toBe(400_000);

  const checksum = { algorithm: 'sha256', hex: createHash('sha256').update(content).digest('hex') } as const;
  const work = silentWork();
  await withLock(folder, work, (locked) => download({ url: server.url, file, name: 'the engine', checksum }, locked), {
    stale: 2000,
    wait: 20_000,
  });
  expect(work.told[0]?.stage).toBe('lock');
  expect(server.ranges).toEqual([undefined, 'bytes=400000-']);
  expect(content.equals(await readFile(file))).toBe(true);
}, 60_000);
