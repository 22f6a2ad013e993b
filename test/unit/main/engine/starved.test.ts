import { expect, test } from 'vitest';
import { OwnLag, starvedFor } from '#engine/starved.ts';

const ms = (milliseconds: number) => BigInt(milliseconds) * 1_000_000n;

test('a loop that stands still lags; on a crowded machine only by what it had a processor for', () => {
  const lag = new OwnLag();
  expect(lag.at(ms(1000), ms(1100), 500)).toBe(100);
  expect(lag.at(ms(1000), ms(4100), 500)).toBe(3100);
  expect(lag.at(ms(1000), ms(5100), 4300)).toBe(300);
  expect(lag.at(ms(1000), ms(5100), 2500), 'it had half of one').toBe(4100);
});

test('what it waited for before it last turned is no excuse', () => {
  const lag = new OwnLag();
  lag.at(ms(1000), ms(1100), 0);
  expect(lag.at(ms(5000), ms(5200), 3900)).toBe(200);
  expect(lag.at(ms(5000), ms(9000), 3900)).toBe(4000);
});

test('one that hangs on a crowded machine is found all the same', () => {
  const lag = new OwnLag();
  lag.at(ms(1000), ms(1000), 0);
  expect(lag.at(ms(1000), ms(17_000), 15_900)).toBe(4000);
});

test('how long a process got no processor is known where the system counts it, else it is 0', () => {
  expect(starvedFor(process.pid)).toBeGreaterThanOrEqual(0);
  expect(starvedFor(2 ** 30)).toBe(0);
});
