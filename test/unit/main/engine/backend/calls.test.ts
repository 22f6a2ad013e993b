import { expect, test } from 'vitest';
import type { ProvisionProgress } from '#contract/engine-status.ts';
import { AppError } from '#contract/failures.ts';
import { provisioning } from '#engine/backend/calls.ts';

const step = (done: number): ProvisionProgress => ({
  stage: 'download',
  done,
  total: 3,
  unit: 'files',
  secondsLeft: null,
  message: 'Downloading',
});
const result = { folder: '/cache/engine', version: '2.21.0' };

test('progress comes in order, then the result', async () => {
  const stream = provisioning(undefined, async ({ report }) => {
    report(step(1));
    report(step(2));
    await new Promise((resolve) => setTimeout(resolve, 5));
    report(step(3));
    return result;
  });
  const seen: number[] = [];
  let next = await stream.next();
  for (; !next.done; next = await stream.next()) seen.push(next.value.done);
  expect(seen).toEqual([1, 2, 3]);
  expect(next.value).toEqual(result);
});

test('a failure comes after the progress before it', async () => {
  const stream = provisioning(undefined, ({ report }) => {
    report(step(1));
    return Promise.reject(new AppError('provision/no-python', 'There is none.'));
  });
  expect(await stream.next()).toMatchObject({ value: { done: 1 } });
  await expect(stream.next()).rejects.toMatchObject({ code: 'provision/no-python' });
});

test('leaving the stream ends the work', async () => {
  let stopped = false;
  const stream = provisioning(undefined, ({ report, signal }) => {
    report(step(1));
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true;
        reject(signal.reason as Error);
      });
    });
  });
  await stream.next();
  await stream.return(result);
  expect(stopped).toBe(true);
});
