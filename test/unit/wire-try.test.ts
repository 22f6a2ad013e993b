import { expect, test } from 'vitest';
import { MessageChannel } from 'node:worker_threads';
import { EventPublisher, implement } from '@orpc/server';
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { callsOver } from '#contract/calls.ts';
import { answerer } from '#contract/answers.ts';
import { AppError } from '#contract/failures.ts';
import type { Frame, Port } from '#contract/port.ts';

function pair(): [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  return [port1, port2].map((p): Port => ({
    post: (f) => p.postMessage(f),
    listen: (h) => { const l = (m: Frame) => h(m); p.on('message', l); return () => p.off('message', l); },
    closed: new Promise((r) => p.on('close', () => r({ reason: 'closed' }))),
    close: () => p.close(),
  })) as [Port, Port];
}
const contract = { add: oc.input(z.object({ a: z.number() })).output(z.number()), bad: oc.output(z.number()), slow: oc.output(z.number()), ticks: oc.output(eventIterator(z.number(), z.string())), quiet: oc.output(eventIterator(z.number())) };
test('wire', async () => {
  const os = implement(contract);
  const pub = new EventPublisher<{ t: number }>();
  let aborted = 0;
  let quietEnded = 0;
  const router = os.router({
    add: os.add.handler(({ input }) => input.a + 1),
    bad: os.bad.handler(() => { throw new AppError('data/empty', 'nothing', { n: 3 }); }),
    slow: os.slow.handler(({ signal }) => new Promise((_, no) => signal!.addEventListener('abort', () => { aborted++; no(signal!.reason); }))),
    ticks: os.ticks.handler(async function* () { yield 1; yield 2; return 'end'; }),
    quiet: os.quiet.handler(async function* ({ signal }) { try { for await (const x of pub.subscribe('t', { signal: signal! })) yield x; } finally { quietEnded++; } }),
  });
  const [a, b] = pair();
  const errors: unknown[] = [];
  answerer(router, (e) => errors.push(e))(b);
  const c = callsOver<typeof contract>(a);
  expect(await c.add({ a: 1 })).toBe(2);
  await expect(c.bad()).rejects.toMatchObject({ code: 'data/empty', details: { n: 3 } });
  await expect(c.add({ a: 'x' as never })).rejects.toMatchObject({ code: 'call/invalid', details: { field: 'a' } });
  const it = await c.ticks();
  const got = []; let r = await it.next(); while (!r.done) { got.push(r.value); r = await it.next(); }
  expect([got, r.value]).toEqual([[1, 2], 'end']);
  const ac = new AbortController(); const p = c.slow(undefined, { signal: ac.signal }); setTimeout(() => ac.abort(), 20);
  await expect(p).rejects.toMatchObject({ code: 'call/cancelled' }); await new Promise((r) => setTimeout(r, 20)); expect(aborted).toBe(1);
  const q = await c.quiet(); void q.next(); await new Promise((r) => setTimeout(r, 20)); await q.return?.(undefined as never); await new Promise((r) => setTimeout(r, 50)); expect(quietEnded).toBe(1);
  const s = c.slow(); const lost = expect(s).rejects.toMatchObject({ code: 'engine/lost' }); b.close(); await lost;
  expect(errors).toEqual([]);
});
