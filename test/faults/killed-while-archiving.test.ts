import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepLeftovers } from '#engine/project/atomic.ts';
import { unpackArchive } from '#engine/project/unpack.ts';
import { bundled, killAfterStart } from '#test/support/killed-program.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const kills = 12;

test(`killed ${kills} times while archiving: under its name there is a whole archive or none`, async () => {
  const project = await openProject();
  const noise = Buffer.from(Array.from({ length: 6_000_000 }, (_, at) => (at * 2_654_435_761) >>> 24));
  await writeFile(join(project.runsFolder, 'weights.safetensors'), noise);
  await project.close();
  const program = await bundled('archive-for-ever');
  const folder = await temporaryFolder();
  const file = join(folder, 'project.zip');
  let torn = 0;
  for (let kill = 0; kill < kills; kill++) {
    await rm(file, { force: true });
    await killAfterStart(program, [project.folder, file], 3 + kill * 7);
    if (existsSync(file)) {
      const copy = join(folder, `copy-${kill}`);
      await unpackArchive(file, copy);
      await (await openProject(copy)).close();
    }
    torn += (await sweepLeftovers(folder)).length;
    // The killed process still stands in the lock; it must not keep the next one out.
  }
  expect(torn, 'half-written files found and swept').toBeGreaterThan(0);
}, 120_000);
