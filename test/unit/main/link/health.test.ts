import { expect, test } from 'vitest';
import { Health, lookEvery } from '#link/health.ts';

interface Beat {
  readonly lag?: number;
  readonly busy?: string | null;
}

/** Looks at an engine every `lookEvery`, from `begin` on; `beat` is its pulse at that time, null for none. */
function judge(seconds: number, beat: (time: number) => Beat | null, health = new Health(0), begin = 0) {
  for (let time = begin; time <= begin + seconds * 1000; time += lookEvery) {
    const found = beat(time);
    if (found) health.take(JSON.stringify({ pulse: 1, lag: 0, busy: null, ...found }), time);
    const reason = health.look(time);
    if (reason) return { time, reason };
  }
  return null;
}

const steady = () => ({});

test('a steady pulse is well', () => expect(judge(60, steady)).toBeNull());

test('the first pulse may take long, but not for ever', () => {
  expect(judge(15, () => null)).toBeNull();
  expect(judge(60, () => null)?.reason).toMatch(/silent for 20/);
});

test('silence of more than three seconds is the end', () => {
  const found = judge(60, (time) => (time <= 10_000 ? {} : null));
  expect(found?.time).toBeLessThanOrEqual(10_000 + 3000 + lookEvery);
  expect(found?.time).toBeGreaterThan(10_000 + 3000);
});

test('an engine that said something and then never beats is silent too', () => {
  const health = new Health(0);
  health.hear(100);
  expect(judge(60, () => null, health)?.time).toBeLessThanOrEqual(100 + 3000 + lookEvery);
});

test('a main loop that stands still is the end, unless it says why', () => {
  expect(judge(60, () => ({ lag: 3001 }))?.reason).toMatch(/not answered for 3\.0/);
  expect(judge(60, () => ({ lag: 60_000, busy: 'training step' }))).toBeNull();
  expect(judge(60, () => ({ lag: 600_001, busy: 'training step' }))?.reason).toMatch(/training step has not ended/);
});

test('a machine that slept blames nobody', () => {
  const health = new Health(0);
  expect(judge(5, steady, health)).toBeNull();
  expect(health.look(3_600_000)).toBeNull();
  expect(judge(5, steady, health, 3_600_000 + lookEvery)).toBeNull();
});

test.each(['', 'hello', '{', '{"pulse":1}', '{"pulse":"1","lag":0,"busy":null}'])('%j is no pulse', (line) => {
  expect(new Health(0).take(line, 0)).toBe(false);
});
