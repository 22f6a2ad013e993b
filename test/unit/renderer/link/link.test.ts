import { implement } from '@orpc/server';
import { expect, test } from 'vitest';
import { answerer } from '#contract/answers.ts';
import { AppError } from '#contract/failures.ts';
import { defaultPreferences, hostContract, type EngineLife } from '#contract/host.ts';
import { madePort, type MadePort } from '#contract/made-port.ts';
import { projectContract, type ProjectSummary } from '#contract/project.ts';
import type { Port } from '#contract/port.ts';
import { Link } from '#page-link/link.ts';

/** Two ends in this process. */
function pair(): [MadePort, MadePort] {
  const later = (act: () => void) => queueMicrotask(act);
  const near: MadePort = madePort({
    post: (frame) => later(() => far.arrived(frame)),
    close: () => later(() => far.ended('the page closed it')),
  });
  const far: MadePort = madePort({
    post: (frame) => later(() => near.arrived(frame)),
    close: () => later(() => near.ended('the host closed it')),
  });
  return [near, far];
}

/** A host whose engine lives as the test says; the engine answers with the number of its generation. */
function fakeHost() {
  let life: EngineLife = { state: 'starting', reason: '', generation: 1 };
  const hears = new Set<(life: EngineLife) => void>();
  const ends: { to: string; far: MadePort }[] = [];
  const wire = implement(hostContract);
  const calls = wire.router({
    abilities: wire.abilities.handler(() => {
      const cannot = { pick: false, paths: false, reveal: false, notify: false };
      return { kind: 'browser' as const, ...cannot, platform: 'linux', version: '1', shell: 'test' };
    }),
    engineLife: wire.engineLife.handler(async function* () {
      const queue = [life];
      let wake = () => {};
      hears.add((next) => (queue.push(next), wake()));
      for (;;) {
        const next = queue.shift();
        if (next) yield next;
        else await new Promise<void>((settle) => (wake = settle));
      }
    }),
    restartEngine: wire.restartEngine.handler(() => tell('starting', life.generation + 1)),
    preferences: wire.preferences.handler(() => defaultPreferences),
    setPreferences: wire.setPreferences.handler(() => defaultPreferences),
    pick: wire.pick.handler(() => []),
    reveal: wire.reveal.handler(() => undefined),
    notify: wire.notify.handler(() => undefined),
    working: wire.working.handler(() => undefined),
    actions: wire.actions.handler(async function* () {}),
  });
  const engineWire = implement({ project: { current: projectContract.current, slow: projectContract.current } });

  function tell(state: EngineLife['state'], generation = life.generation, reason = '') {
    life = { state, generation, reason };
    hears.forEach((hear) => hear(life));
  }

  function connect(to: 'engine' | 'host'): Port {
    const [near, far] = pair();
    ends.push({ to, far });
    if (to === 'host') answerer(calls, () => undefined)(far.port);
    else {
      const { generation } = life;
      const summary: ProjectSummary = {
        name: `${generation}`,
        folder: '',
        created: '',
        runs: 0,
        datasets: 1,
        bytes: 0,
      };
      const router = engineWire.router({
        project: {
          current: engineWire.project.current.handler(() => summary),
          slow: engineWire.project.slow.handler(() => new Promise<ProjectSummary>(() => undefined)),
        },
      });
      answerer(router, () => undefined)(far.port);
    }
    return near.port;
  }

  const take = () => Promise.resolve(['/a']);
  const cut = (to: string) => ends.filter((end) => end.to === to).forEach(({ far }) => far.port.close());
  const count = (to: string) => ends.filter((end) => end.to === to).length;
  return { transport: { connect, take, takeDropped: take }, tell, cut, count };
}

const name = async (link: Link) => (await link.engine.project.current()).name;
const slow = (link: Link) => (link.engine as unknown as { project: { slow(): Promise<unknown> } }).project.slow();

test('calls made while the engine starts wait for it', async () => {
  const host = fakeHost();
  const link = await new Link(host.transport).opened();
  expect(link.abilities.kind).toBe('browser');
  const waiting = name(link);
  expect(host.count('engine')).toBe(0);
  host.tell('ready');
  expect(await waiting).toBe('1');
  expect(link.life).toEqual({ state: 'ready', reason: '', generation: 1 });
});

test('when the engine is lost, pending calls and those that follow fail; the next engine answers again', async () => {
  const host = fakeHost();
  const link = await new Link(host.transport).opened();
  const lives: string[] = [];
  link.onLife(({ state, generation }) => lives.push(`${state} ${generation}`));
  host.tell('ready');
  expect(await name(link)).toBe('1');
  const pending = slow(link);
  host.tell('lost', 1, 'it was killed');
  await expect(pending).rejects.toMatchObject({ code: 'engine/lost', details: { reason: 'it was killed' } });
  await expect(name(link)).rejects.toBeInstanceOf(AppError);
  await link.restartEngine();
  const waiting = name(link);
  host.tell('ready', 2);
  expect(await waiting).toBe('2');
  expect(lives.slice(-4)).toEqual(['ready 1', 'lost 1', 'starting 2', 'ready 2']);
});

test('an engine that was exchanged unseen is reached anew', async () => {
  const host = fakeHost();
  const link = await new Link(host.transport).opened();
  host.tell('ready');
  expect(await name(link)).toBe('1');
  host.tell('ready', 2);
  await expect.poll(() => name(link)).toBe('2');
});

test('a connection that breaks while the engine lives is made again', async () => {
  const host = fakeHost();
  const link = await new Link(host.transport).opened();
  host.tell('ready');
  expect(await name(link)).toBe('1');
  host.cut('engine');
  await expect.poll(() => name(link).catch(() => 'lost'), { timeout: 3000 }).toBe('1');
  expect(host.count('engine')).toBe(2);
});

test('a host that goes away is told, and found again', async () => {
  const host = fakeHost();
  const link = await new Link(host.transport).opened();
  host.tell('ready');
  expect(await name(link)).toBe('1');
  host.cut('host');
  await expect.poll(() => link.life).toMatchObject({ state: 'lost', reason: expect.stringContaining('host is gone') });
  await expect.poll(() => link.life.state, { timeout: 3000 }).toBe('ready');
  expect(await name(link)).toBe('1');
});

test('a listener that was taken back hears no more', async () => {
  const host = fakeHost();
  const link = await new Link(host.transport).opened();
  const heard: string[] = [];
  link.onLife(({ state }) => heard.push(state))();
  host.tell('ready');
  await expect.poll(() => link.life.state).toBe('ready');
  expect(heard).toEqual([]);
});
