import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { riffEndsTorn } from '#engine/video/ffmpeg/riff-end.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** @param said length in its head, where it is not that of what follows */
function riff(kind: string, length: number, said = length): Buffer {
  const bytes = Buffer.alloc(8 + length);
  bytes.write('RIFF', 'latin1');
  bytes.writeUInt32LE(said, 4);
  bytes.write(kind, 8, 'latin1');
  return bytes;
}

test.each([
  { what: 'one part', bytes: riff('AVI ', 100), torn: false },
  { what: 'two parts', bytes: Buffer.concat([riff('AVI ', 100), riff('AVIX', 60)]), torn: false },
  { what: 'an odd length, evened', bytes: Buffer.concat([riff('AVI ', 101), Buffer.alloc(1)]), torn: false },
  { what: 'an odd length, not evened', bytes: riff('AVI ', 101), torn: false },
  { what: 'something behind it', bytes: Buffer.concat([riff('AVI ', 100), Buffer.alloc(40)]), torn: false },
  { what: 'cut in its only part', bytes: riff('AVI ', 100).subarray(0, 70), torn: true },
  {
    what: 'cut in its second part',
    bytes: Buffer.concat([riff('AVI ', 100), riff('AVIX', 60)]).subarray(0, 140),
    torn: true,
  },
  { what: 'broken off before its length was written', bytes: riff('AVI ', 100, 0), torn: true },
  { what: 'nothing but a beginning', bytes: Buffer.from('RIFF'), torn: true },
])('of $what, the end is torn: $torn', async ({ bytes, torn }) => {
  const path = join(await temporaryFolder(), 'film.avi');
  await writeFile(path, bytes);
  expect(await riffEndsTorn(path)).toBe(torn);
});
