// Downloads from argv[2] into argv[3] under the lock of its folder, again and again, until it is killed; says so first.
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { download } from '#engine/backend/provision/download.ts';
import { withLock } from '#engine/backend/provision/lock.ts';
import { workFor } from '#engine/backend/provision/work.ts';

const [, , url = '', file = ''] = process.argv;
const work = workFor(() => undefined, new AbortController().signal);
process.stdout.write('.');
await withLock(dirname(file), work, async () => {
  for (;;) {
    await download({ url, file, name: 'the engine' }, work);
    await rm(file);
  }
});
