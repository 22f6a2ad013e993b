import { expect, test } from 'vitest';
import { Pace } from '#engine/training/pace.ts';

test('nothing is said of the time left before the second batch, and the first, which warms up, counts no more', () => {
  const pace = new Pace(1000, 0, 3);
  expect(pace.imagesPerSecond).toBe(0);
  expect(pace.secondsLeft(1, 0)).toBeNull();
  pace.trained(100, 5);
  expect(pace.imagesPerSecond).toBe(20);
  expect(pace.secondsLeft(1, 100)).toBeNull();
  pace.trained(100, 0.5);
  expect(pace.imagesPerSecond).toBeCloseTo(200, 6);
  expect(pace.secondsLeft(1, 200)).toBeCloseTo(4 + 10, 6);
});

test('at a steady pace the time left is exact', () => {
  const pace = new Pace(1000, 200, 3);
  for (let batch = 0; batch < 10; batch++) pace.trained(50, 0.5);
  expect(pace.imagesPerSecond).toBeCloseTo(100, 6);
  for (let batch = 0; batch < 4; batch++) pace.validated(50, 0.25);
  // 500 images of this epoch, two whole epochs, three validations.
  expect(pace.secondsLeft(1, 500)).toBeCloseTo(5 + 20 + 3 * 1, 6);
  expect(pace.secondsLeft(3, 1000)).toBeCloseTo(1, 6);
});

test('before the first validation it is guessed, afterwards measured', () => {
  const pace = new Pace(300, 300, 1);
  for (let batch = 0; batch < 2; batch++) pace.trained(50, 1.5);
  expect(pace.secondsLeft(1, 0)).toBeCloseTo(9 + 3, 6);
  pace.validated(100, 2);
  expect(pace.secondsLeft(1, 0)).toBeCloseTo(9 + 6, 6);
});

test('one slow batch moves the estimate a little, a lasting change moves it all the way', () => {
  const pace = new Pace(100_000, 0, 1);
  for (let batch = 0; batch < 50; batch++) pace.trained(100, 0.1);
  pace.trained(100, 0.3);
  expect(pace.imagesPerSecond).toBeGreaterThan(800);
  for (let batch = 0; batch < 100; batch++) pace.trained(100, 0.2);
  expect(pace.imagesPerSecond).toBeGreaterThan(495);
  expect(pace.imagesPerSecond).toBeLessThan(505);
});

test('very quick batches are heard too', () => {
  const pace = new Pace(1000, 0, 1);
  pace.trained(1, 1);
  for (let batch = 0; batch < 500; batch++) pace.trained(1, 0.0001);
  expect(pace.imagesPerSecond).toBeGreaterThan(1000);
});
