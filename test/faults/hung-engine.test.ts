import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { callsOver } from '#contract/calls.ts';
import type { Engine, engineContract } from '#contract/engine.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { nodeLauncher } from '#link/node-process.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

// The built engine as hosts start it, made to hang in every way it can; its host must know within 3.5 seconds.
const built = path.resolve(import.meta.dirname, '../../out/main/engine.cjs');
const limit = 3500;
/** Where the machine was busy with others meanwhile: the seconds are those of a clock. */
const clocked = { retry: 2 };
let engine: EngineProcess;
let calls: Engine;
let inspector: number;

beforeEach(async () => {
  if (!existsSync(built)) throw new Error(`${built} is not built; run \`npm run build\` first`);
  const project = path.join(await temporaryFolder(), 'project');
  inspector = await freePort();
  vi.stubEnv('NODE_OPTIONS', `--inspect-port=127.0.0.1:${inspector}`);
  const launch = nodeLauncher(built, undefined, 'ignore');
  engine = new EngineProcess({ launch, args: () => ({ project, backend: 'auto' }) });
  engine.start();
  expect((await engine.settled()).state).toBe('ready');
  calls = callsOver<typeof engineContract>(engine.connect());
});

afterEach(async () => {
  await engine.close();
  vi.unstubAllEnvs();
});

function freePort(): Promise<number> {
  return new Promise((settle) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => settle(port));
    });
  });
}

/** Runs JavaScript in the engine's main thread, by Node's own debugger; does not wait for its end. */
async function runInside(expression: string): Promise<void> {
  process.kill(engine.pid!, 'SIGUSR1');
  const url = await vi.waitFor(async () => {
    const targets = (await (await fetch(`http://127.0.0.1:${inspector}/json`)).json()) as {
      webSocketDebuggerUrl: string;
    }[];
    return targets[0]!.webSocketDebuggerUrl;
  });
  const socket = new WebSocket(url);
  await new Promise((settle) => socket.once('open', settle));
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
}

test.each([
  { title: 'killed', strike: () => process.kill(engine.pid!, 'SIGKILL') },
  { title: 'stopped', strike: () => process.kill(engine.pid!, 'SIGSTOP') },
  { title: 'in an endless loop', strike: () => runInside('for (;;);') },
])(
  'an engine that is $title is noticed, its calls fail, and another takes over the project',
  clocked,
  async ({ strike }) => {
    const { pid } = engine;
    const before = await calls.project.current();
    await strike();
    const began = performance.now();
    const pending = calls.project.current();
    await expect(pending).rejects.toMatchObject({ code: 'engine/lost' });
    expect(performance.now() - began).toBeLessThan(limit);
    expect(engine.life.state).toBe('lost');
    await engine.restart();
    expect(await engine.settled()).toMatchObject({ state: 'ready', generation: 2 });
    expect(engine.pid).not.toBe(pid);
    const again = callsOver<typeof engineContract>(engine.connect());
    expect((await again.project.current()).created).toBe(before.created);
  },
);

test('an engine whose host dies ends by itself', async () => {
  const { pid } = engine;
  await runInside('process.disconnect()'); // what the engine sees of a host that is gone
  await vi.waitFor(() => expect(() => process.kill(pid!, 0)).toThrow(), { timeout: 6000 });
});
