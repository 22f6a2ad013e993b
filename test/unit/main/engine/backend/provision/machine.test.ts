import { expect, test } from 'vitest';
import { describeMachine } from '#engine/backend/provision/machine.ts';

const modern = () => Promise.resolve(new Set(['sse4_2', 'avx', 'avx2']));

test.each([
  ['linux-x64', true, true],
  ['linux-arm64', true, false],
  ['darwin-arm64', true, false],
  ['darwin-x64', false, true],
  ['win32-x64', false, true],
])('%s: wheel %s, official download %s', async (name, wheel, official) => {
  const machine = await describeMachine(name, modern);
  expect([machine.wheel !== undefined, machine.official !== undefined]).toEqual([wheel, official]);
});

test.each(['linux-riscv64', 'freebsd-x64', 'win32-arm64'])('%s has no TensorFlow', async (machine) => {
  const failure = describeMachine(machine, modern);
  await expect(failure).rejects.toMatchObject({ code: 'provision/unsupported-machine', details: { machine } });
});

test('an x64 processor without AVX is too old', async () => {
  const failure = describeMachine('linux-x64', () => Promise.resolve(new Set(['sse4_2'])));
  await expect(failure).rejects.toMatchObject({ code: 'provision/old-processor' });
});

test('a system that does not tell its features is given the benefit of the doubt', async () => {
  expect(await describeMachine('win32-x64', () => Promise.resolve(undefined))).toMatchObject({ library: 'dll' });
});
