import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { sweepLeftovers } from '#engine/project/atomic.ts';
import { unpackArchive } from '#engine/project/unpack.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const kills = 12;

test(`killed ${kills} times while archiving: under its name there is a whole archive or none`, async () => {
  const project = await openProject();
  const noise = Buffer.from(Array.from({ length: 6_000_000 }, (_, at) => (at * 2_654_435_761) >>> 24));
  await writeFile(join(project.runsFolder, 'weights.safetensors'), noise);
  await project.close();
  const program = await bundled();
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

/** The program in plain JavaScript: Node 20 reads no TypeScript. */
async function bundled(): Promise<string> {
  const outDir = await temporaryFolder();
  const input = join(import.meta.dirname, '../support/archive-for-ever.ts');
  const options = {
    outDir,
    emptyOutDir: false,
    ssr: input,
    rollupOptions: { output: { entryFileNames: 'program.mjs' } },
  };
  await build({ configFile: false, logLevel: 'error', ssr: { noExternal: true }, build: options });
  return join(outDir, 'program.mjs');
}

async function killAfterStart(program: string, args: string[], milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(complaint)));
  const began = new Promise<null>((resolve) => child.stdout.once('data', () => resolve(null)));
  expect(await Promise.race([began, ended])).toBeNull();
  await setTimeout(milliseconds);
  child.kill('SIGKILL');
  expect(await ended).toBe('');
}
