import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { look, outsideArchive } from '#engine/video/ffmpeg/tools.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** Programs that answer as ffmpeg and ffprobe do. */
async function pretend(folder: string, version: string, encoders = ' V..... libx264  H.264'): Promise<string> {
  await mkdir(folder, { recursive: true });
  const words = [
    '#!/bin/sh',
    'case "$*" in',
    `*-version*) echo "ffmpeg version ${version} Copyright"; echo "libavutil      57. 28.100";;`,
    `*-encoders*) echo "${encoders}";;`,
    '*-filters*) echo " ... zscale V->V x"; echo " ... tonemap V->V x";;',
    'esac',
  ];
  for (const name of ['ffmpeg', 'ffprobe']) {
    await writeFile(join(folder, name), `${words.join('\n')}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return join(folder, 'ffmpeg');
}

test('programs are started from beside the archive, not from within', () => {
  expect(outsideArchive('/opt/Heatlens/resources/app.asar/node_modules/x/ffmpeg')).toBe(
    '/opt/Heatlens/resources/app.asar.unpacked/node_modules/x/ffmpeg',
  );
  expect(outsideArchive('/opt/Heatlens/resources/app.asar.unpacked/x')).toBe(
    '/opt/Heatlens/resources/app.asar.unpacked/x',
  );
});

describe.skipIf(process.platform === 'win32')('the ffmpeg that is used (stand-ins are shell scripts)', () => {
  test('the one that is named comes before the system’s', async () => {
    const folder = await temporaryFolder();
    const chosen = await pretend(join(folder, 'chosen'), '9.9');
    const found = await look({ HEATLENS_FFMPEG: chosen, PATH: process.env['PATH'] });
    expect(found).toMatchObject({
      ffmpeg: chosen,
      version: '9.9',
      from: 'chosen',
      toneMapping: true,
      h264: 'libx264',
      library: 57,
    });
    expect(await look({ HEATLENS_FFMPEG: join(folder, 'chosen') })).toMatchObject({ ffmpeg: chosen, from: 'chosen' });
  });

  test('the PATH is looked through in its order; one that cannot write H.264 gives way', async () => {
    const folder = await temporaryFolder();
    await pretend(join(folder, 'a'), '1', ' V..... mpeg4  MPEG-4');
    await pretend(join(folder, 'b'), '2', ' V..... libopenh264  OpenH264');
    await pretend(join(folder, 'c'), '3');
    const PATH = ['a', 'b', 'c'].map((name) => join(folder, name)).join(':');
    expect(await look({ PATH })).toMatchObject({ version: '2', from: 'system', h264: 'libopenh264' });
  });

  test('one without its ffprobe, or that does not start, is passed over', async () => {
    const folder = await temporaryFolder();
    const broken = await pretend(join(folder, 'a'), '1');
    await chmod(broken, 0o644);
    await pretend(join(folder, 'b'), '2');
    expect(await look({ PATH: [join(folder, 'a'), join(folder, 'b')].join(':') })).toMatchObject({ version: '2' });
  });
});
