import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunEvent, RunProgress } from '#contract/training.ts';
import { EventBuffer } from '#engine/training/event-buffer.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'], now: 10_000 }).advanceTimersByTime(1000));
afterEach(() => vi.useRealTimers());

const batch = (step: number) => ({ step, epoch: 1, batch: step, batches: 1000, loss: 1, accuracy: 0.5 });
const progress: RunProgress = {
  state: 'training',
  epoch: 1,
  epochs: 1,
  batch: 1,
  batches: 1000,
  imagesPerSecond: 1,
  secondsLeft: 1,
  memory: 1,
};

function buffer() {
  const told: number[][] = [];
  const tell = (event: RunEvent) => {
    if (event.kind === 'batches') told.push(event.batches.map(({ step }) => step));
  };
  return { events: new EventBuffer(tell, () => progress), told };
}

test('a thousand batches in two seconds are some twenty messages, and none is lost', () => {
  const { events, told } = buffer();
  for (let step = 1; step <= 1000; step++) {
    events.batch(batch(step));
    vi.advanceTimersByTime(2);
  }
  events.flush();
  expect(told.length).toBeLessThan(23);
  expect(told.flat()).toEqual(Array.from({ length: 1000 }, (_, place) => place + 1));
});

test('slow batches are told one by one', () => {
  const { events, told } = buffer();
  for (let step = 1; step <= 3; step++) {
    events.batch(batch(step));
    vi.advanceTimersByTime(150);
  }
  expect(told).toEqual([[1], [2], [3]]);
});

test('nothing waiting is no message', () => {
  const { events, told } = buffer();
  events.flush();
  expect(told).toEqual([]);
});

test('batches stay until they are said to be on disk', () => {
  const { events } = buffer();
  events.batch(batch(1));
  events.flush();
  expect(events.epoch).toEqual([batch(1)]);
  events.startEpoch();
  expect(events.epoch).toEqual([]);
});
