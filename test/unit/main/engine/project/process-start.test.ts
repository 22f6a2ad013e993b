import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processStart } from '#engine/project/process-start.ts';

test.skipIf(process.platform === 'win32')('a process is told from another by when it began', async () => {
  const own = processStart(process.pid);
  expect(own).not.toBeNull();
  expect(processStart(process.pid)).toBe(own);
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const childs = processStart(child.pid ?? 0);
  expect(childs).not.toBeNull();
  expect(childs).not.toBe(own);
  child.stdin.end();
  await once(child, 'close');
  expect(processStart(child.pid ?? 0)).toBeNull();
});
