import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Makes the PATH hold these programs and nothing else until the test ends. Each is the body of a shell script, which
 * may use only what the shell has built in.
 */
export async function onlyPrograms(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CXX', undefined);
  vi.stubEnv('HEATLENS_PYTHON', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}
