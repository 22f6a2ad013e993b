import { EventPublisher, implement } from '@orpc/server';
import { eventIterator, oc } from '@orpc/contract';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { answerer } from '#contract/answers.ts';
import { callsOver } from '#contract/calls.ts';
import { AppError } from '#contract/failures.ts';
import type { Frame, Port } from '#contract/port.ts';

const contract = {
  add: oc.input(z.object({ a: z.number() })).output(z.number()),
  bad: oc.output(z.number()),
  broken: oc.output(z.number()),
  slow: oc.output(z.number()),
  ticks: oc.output(eventIterator(z.number(), z.string())),
  fails: oc.output(eventIterator(z.number())),
  quiet: oc.output(eventIterator(z.number())),
};

function portOf(port: MessageChannel['port1']): Port {
  return {
    post: (frame) => port.postMessage(frame),
    listen: (hear) => {
      const listener = (frame: Frame) => hear(frame);
      port.on('message', listener);
      return () => port.off('message', listener);
    },
    closed: new Promise((settle) => port.on('close', () => settle({ reason: 'the engine ended' }))),
    close: () => port.close(),
  };
}

let near: Port;
let far: Port;
let calls: ReturnType<typeof callsOver<typeof contract>>;
let seen: { aborted: number; quietEnded: number; reported: unknown[] };

beforeEach(() => {
  const { port1, port2 } = new MessageChannel();
  near = portOf(port1);
  far = portOf(port2);
  seen = { aborted: 0, quietEnded: 0, reported: [] };
  const os = implement(contract);
  const news = new EventPublisher<{ tick: number }>();
  const router = os.router({
    add: os.add.handler(({ input }) => input.a + 1),
    bad: os.bad.handler(() => {
      throw new AppError('data/empty', 'nothing in it', { file: 'x' });
    }),
    broken: os.broken.handler(() => 'text' as never),
    slow: os.slow.handler(
      ({ signal }) =>
        new Promise((_, refuse) =>
          signal?.addEventListener('abort', () => {
            seen.aborted += 1;
            refuse(signal.reason);
          }),
        ),
    ),
    ticks: os.ticks.handler(async function* () {
      yield 1;
      yield 2;
      return 'end';
    }),
    fails: os.fails.handler(async function* () {
      yield 1;
      throw new AppError('train/not-finite', 'NaN', { epoch: 3 });
    }),
    quiet: os.quiet.handler(async function* ({ signal }) {
      try {
        for await (const tick of news.subscribe('tick', signal ? { signal } : {})) yield tick;
      } finally {
        seen.quietEnded += 1;
      }
    }),
  });
  answerer(router, (thrown) => seen.reported.push(thrown))(far);
  calls = callsOver<typeof contract>(near);
});

afterEach(() => near.close());

test('a call is answered', async () => expect(await calls.add({ a: 1 })).toBe(2));

test('a failure arrives with its code and its facts', async () => {
  await expect(calls.bad()).rejects.toMatchObject({ code: 'data/empty', details: { file: 'x' } });
  await expect(calls.bad()).rejects.toBeInstanceOf(AppError);
  expect(seen.reported).toEqual([]);
});

test('a request that does not fit its schema is refused by the name of its field', async () => {
  await expect(calls.add({ a: 'x' as never })).rejects.toMatchObject({ code: 'call/invalid', details: { field: 'a' } });
});

test('a result that does not fit its schema is an inner failure, and is reported', async () => {
  await expect(calls.broken()).rejects.toMatchObject({ code: 'internal' });
  expect(seen.reported).toHaveLength(1);
});

test('a stream brings its items and then its result', async () => {
  const stream = await calls.ticks();
  const items = [];
  let next = await stream.next();
  for (; !next.done; next = await stream.next()) items.push(next.value);
  expect([items, next.value]).toEqual([[1, 2], 'end']);
});

test('a stream that fails in the middle fails with code and facts', async () => {
  const stream = await calls.fails();
  expect(await stream.next()).toMatchObject({ value: 1 });
  await expect(stream.next()).rejects.toMatchObject({ code: 'train/not-finite', details: { epoch: 3 } });
});

test('a cancelled call fails with call/cancelled, and its handler hears of it', async () => {
  const cancel = new AbortController();
  const call = calls.slow(undefined, { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 20);
  await expect(call).rejects.toMatchObject({ code: 'call/cancelled' });
  await expect.poll(() => seen.aborted).toBe(1);
});

test('leaving a stream that is waiting ends its handler', async () => {
  const stream = await calls.quiet();
  const waiting = stream.next().catch(() => undefined);
  await new Promise((settle) => setTimeout(settle, 20));
  await stream.return?.(undefined as never);
  await waiting;
  await expect.poll(() => seen.quietEnded).toBe(1);
});

test('when the other side is gone, what was pending and what comes later fail with engine/lost', async () => {
  const pending = expect(calls.slow()).rejects.toMatchObject({ code: 'engine/lost' });
  far.close();
  await pending;
  await expect(calls.add({ a: 1 })).rejects.toMatchObject({ code: 'engine/lost' });
});
