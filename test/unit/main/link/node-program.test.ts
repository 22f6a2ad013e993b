import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { nodeProgram } from '#link/node-program.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

afterEach(() => vi.unstubAllGlobals());

/** A program that says it is this version of Node. */
async function nodeOf(version: string): Promise<string> {
  const file = join(await temporaryFolder(), 'node');
  await writeFile(file, `#!/bin/sh\necho ${version}\n`);
  await chmod(file, 0o755);
  return file;
}

function insideElectron(): void {
  vi.stubGlobal('process', { ...process, versions: { ...process.versions, electron: '22.3.25' } });
}

test('outside Electron the engine runs on the Node that runs this, unless another is named', () => {
  expect(nodeProgram({})).toBe(process.execPath);
  expect(nodeProgram({ HEATLENS_NODE: '/my/node' })).toBe('/my/node');
});

test("inside an older Electron it is npm's Node if that is new enough", async () => {
  const found = await nodeOf('v22.1.0');
  insideElectron();
  expect(nodeProgram({ npm_node_execpath: found })).toBe(found);
});

test('a Node that is too old is passed over, and said when there is no other', async () => {
  const old = await nodeOf('v18.19.0');
  insideElectron();
  vi.stubEnv('PATH', [join(old, '..'), '/bin'].join(delimiter));
  expect(() => nodeProgram({ npm_node_execpath: old })).toThrow(/needs Node 20 or newer.*is Node 18/);
  vi.unstubAllEnvs();
});
