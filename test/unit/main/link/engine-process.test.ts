import { afterEach, expect, test } from 'vitest';
import path from 'node:path';
import type { EngineLife } from '#contract/host.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { nodeLauncher } from '#link/node-process.ts';

const standIn = path.resolve(import.meta.dirname, '../../../support/engine-stand-in.mjs');
let engine: EngineProcess;
let told: EngineLife[];

function start(behaviour: string, launch = nodeLauncher(standIn)): EngineProcess {
  told = [];
  engine = new EngineProcess({ launch, args: () => ({ project: behaviour, backend: 'js' }) });
  engine.onLife((life) => told.push(life));
  engine.start();
  return engine;
}

const lost = () =>
  new Promise<EngineLife>((settle) => {
    if (engine.life.state === 'lost') settle(engine.life);
    engine.onLife((life) => life.state === 'lost' && settle(life));
  });

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

afterEach(() => engine.close());

test('an engine is started, ready, and answers on every port that is opened', async () => {
  start('well');
  expect(await engine.settled()).toEqual({ state: 'ready', reason: '', generation: 1 });
  const heard = ['a', 'b'].map((text) => {
    const port = engine.connect();
    port.post(text);
    return new Promise((settle) => port.listen(settle));
  });
  expect(await Promise.all(heard)).toEqual(['echo a', 'echo b']);
  expect(engine.pictures).toBe('/nowhere/at/all');
});

// Again where the machine was busy with others meanwhile: the seconds are those of a clock.
test.each([
  { behaviour: 'dies', reason: /ended with code 3/, within: 1500 },
  { behaviour: 'fails', reason: /no project folder/, within: 1500 },
  { behaviour: 'mute', reason: /silent for 3/, within: 3900 },
  { behaviour: 'lags', reason: /not answered for 3\.5/, within: 1500 },
])(
  'an engine that $behaviour is lost, gone, and its ports end with the reason',
  { retry: 2 },
  async ({ behaviour, reason, within }) => {
    const began = performance.now();
    start(behaviour);
    const { pid } = engine;
    const port = engine.connect();
    const life = await lost();
    expect(performance.now() - began).toBeLessThan(within);
    expect(life).toEqual({ state: 'lost', reason: expect.stringMatching(reason), generation: 1 });
    await port.closed;
    await expect.poll(() => isAlive(pid!)).toBe(false);
    expect(engine.pictures).toBeNull();
    expect(told.filter(({ state }) => state === 'lost')).toHaveLength(1);
  },
);

test.each(['busy', 'chatters'])('an engine that is %s is left alone', async (behaviour) => {
  start(behaviour);
  await engine.settled();
  if (behaviour === 'busy') await expect.poll(() => engine.busy).toBe('training step');
  await new Promise((settle) => setTimeout(settle, 600));
  expect(engine.life.state).toBe('ready');
});

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'an engine hit by %s is noticed within 3.5 seconds',
  { retry: 2 },
  async (signal) => {
    start('well');
    await engine.settled();
    const began = performance.now();
    process.kill(engine.pid!, signal);
    await lost();
    expect(performance.now() - began).toBeLessThan(3500);
  },
);

test('a restart ends the old engine first and counts the new one, also when asked for twice', async () => {
  start('well');
  await engine.settled();
  const { pid } = engine;
  const port = engine.connect();
  await Promise.all([engine.restart(), engine.restart()]);
  expect(isAlive(pid!)).toBe(false);
  expect(await engine.settled()).toEqual({ state: 'ready', reason: '', generation: 2 });
  await port.closed;
  expect(told.map(({ state, generation }) => `${state} ${generation}`)).toEqual([
    'starting 1',
    'ready 1',
    'lost 1',
    'starting 2',
    'ready 2',
  ]);
});

test('a lost engine can be started again', async () => {
  start('dies');
  await lost();
  await engine.restart();
  expect(await engine.settled()).toMatchObject({ state: 'ready', generation: 2 });
});

test('a port asked for while there is no engine ends at once; frames posted to it go nowhere', async () => {
  start('dies');
  await lost();
  const port = engine.connect();
  port.post('hello');
  expect(await port.closed).toEqual({ reason: 'it ended with code 3' });
});

test('an engine that cannot be started at all is lost with the reason', async () => {
  start(
    'well',
    nodeLauncher(standIn, () => '/no/such/node'),
  );
  expect(await lost()).toMatchObject({ reason: expect.stringContaining('could not be started') });
});
