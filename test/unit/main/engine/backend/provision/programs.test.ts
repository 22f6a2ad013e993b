import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileAddon, findCompiler } from '#engine/backend/provision/compile.ts';
import { probeAddon } from '#engine/backend/provision/probe.ts';
import { findPython } from '#engine/backend/provision/python.ts';
import { fetchWithPip, findWheel, wheelIn } from '#engine/backend/provision/wheel.ts';
import { onlyPrograms } from '#test/support/fake-programs.ts';
import { silentWork } from '#test/support/silent-work.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const python = 'case "$*" in *version_info*) echo 3;; esac';
const cpu = { package: 'tensorflow-cpu', platform: 'manylinux_2_27_x86_64' };
const name = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl';
const known = '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c';
const link = (sha256: string) => `Found link https://index.test/a/${name}#sha256=${sha256} (from https://index.test/)`;
/** Says it and then hangs, as a pip does that fetches the wheel in its dry run; only shell built-ins. */
const saysAndHangs = (line: string) => `echo '  ${line}'\nwhile :; do :; done`;

describe.skipIf(process.platform === 'win32')('programs that are or are not there', () => {
  test('no Python on the PATH', async () => {
    await onlyPrograms({});
    await expect(findPython(silentWork())).rejects.toMatchObject({ code: 'provision/no-python' });
  });

  test('a Python 2 is none', async () => {
    await onlyPrograms({ python: 'echo 2' });
    await expect(findPython(silentWork())).rejects.toMatchObject({ code: 'provision/no-python' });
  });

  test('a Python without pip', async () => {
    await onlyPrograms({ python3: `case "$*" in *pip*) echo "No module named pip" >&2; exit 1;; esac\n${python}` });
    await expect(findPython(silentWork())).rejects.toMatchObject({ code: 'provision/no-pip' });
  });

  test('a later Python with pip is taken over an earlier one without', async () => {
    await onlyPrograms({ python3: `case "$*" in *pip*) exit 1;; esac\n${python}`, python });
    expect(await findPython(silentWork())).toBe('python');
  });

  test('no compiler on the PATH', async () => {
    await onlyPrograms({});
    await expect(findCompiler(silentWork())).rejects.toMatchObject({ code: 'provision/no-compiler' });
  });

  test('a compiler that refuses the source: its words are in the failure', async () => {
    await onlyPrograms({
      'c++': 'case "$*" in --version) exit 0;; esac\necho "tfjs_backend.cc:1: fatal error: out of luck" >&2; exit 1',
    });
    const sources = { packageFolder: '/p', nodeHeaders: '/n', tensorflowHeaders: '/t', libraries: '/l', runPath: 'r' };
    const compiling = compileAddon(await findCompiler(silentWork()), '/nowhere/addon.node', sources, silentWork());
    await expect(compiling).rejects.toMatchObject({
      code: 'provision/compile-failed',
      details: { compiler: 'c++', reason: expect.stringContaining('out of luck') as string },
    });
  });

  test('pip is ended as soon as it has named the wheel', async () => {
    await onlyPrograms({ python3: saysAndHangs(link(known)) });
    expect(await findWheel('python3', cpu, silentWork())).toEqual({
      url: `https://index.test/a/${name}`,
      name,
      sha256: known,
    });
  });

  test('an index that offers another file under the known name is not believed', async () => {
    await onlyPrograms({ python3: saysAndHangs(link('0'.repeat(64))) });
    const failure = findWheel('python3', cpu, silentWork());
    await expect(failure).rejects.toMatchObject({
      code: 'provision/checksum',
      details: { file: name, expected: known },
    });
  });

  test.each([
    ['asking', () => findWheel('python3', cpu, silentWork())],
    ['fetching', () => fetchWithPip('python3', cpu, '/nowhere', silentWork())],
  ])('pip without a network, %s: its last words are in the failure', async (_what, act) => {
    await onlyPrograms({ python3: 'echo "ERROR: No matching distribution found" >&2; exit 1' });
    await expect(act()).rejects.toMatchObject({
      code: 'provision/no-network',
      details: { host: 'pip', reason: 'ERROR: No matching distribution found' },
    });
  });

  test('asking pip can be cancelled', async () => {
    await onlyPrograms({ python3: saysAndHangs('nothing') });
    const stop = new AbortController();
    const asking = findWheel('python3', cpu, silentWork(stop.signal));
    setTimeout(() => stop.abort(), 50);
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test.each([
  ['of another platform', link(known).replaceAll('x86_64', 'aarch64')],
  ['of another version', link(known).replaceAll('2.21.0', '2.21.0rc1')],
  ['without a checksum', link(known).replace(/#\S+/, '')],
  ['that is left out', link(known).replace('Found link', 'Skipping link')],
])('a wheel %s is not the one', (_which, line) => {
  expect(wheelIn(link(known), cpu)?.name).toBe(name);
  expect(wheelIn(line, cpu)).toBeUndefined();
});

test.runIf(process.platform === 'linux').each([
  ['an illegal instruction', "process.kill(process.pid, 'SIGILL')", 'provision/old-processor', ''],
  ['a crash', "process.kill(process.pid, 'SIGSEGV')", 'provision/load-failed', 'SIGSEGV'],
  ['a missing library', "throw new Error('libx.so: cannot open shared object')", 'provision/load-failed', 'libx.so'],
])('an addon that ends with %s is a sentence', async (_how, program, code, reason) => {
  const addon = join(await temporaryFolder(), 'addon.cjs');
  await writeFile(addon, program);
  const failure: unknown = await probeAddon(addon, silentWork()).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code });
  expect(String((failure as { details: { reason?: string } }).details.reason ?? '')).toContain(reason);
});
