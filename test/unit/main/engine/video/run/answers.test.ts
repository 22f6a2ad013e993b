import { mkdir, mkdtemp, readdir, rm, truncate, writeFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filmSettings } from '#contract/video.ts';
import { Answers, questionKey, type Answer, type Asked } from '#engine/video/run/answers.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'heatlens-answers-'))));
afterEach(() => rm(folder, { recursive: true }));

const asked: Asked = {
  film: { path: '/film.mp4', size: 10, facts: {} as never },
  ...{ changed: 1, revision: 'r', view: { width: 64, height: 32 } },
  settings: filmSettings.parse({ model: 'efficientnet-lite0' }),
};
const size = { height: 1, width: 2 };
const answer = (n: number): Answer => ({
  ...{ class: n, probability: 0.5, maximum: n, values: Float32Array.of(n, n / 2) },
  top: [
    { index: n, probability: 0.5 },
    { index: 7, probability: 0.25 },
  ],
});

async function filled(count: number, whole = false): Promise<string> {
  const answers = await Answers.open(folder, asked);
  await answers.append(
    Array.from({ length: count }, (_, n) => answer(n)),
    size,
  );
  if (whole) await answers.end();
  await answers.close();
  return join(folder, questionKey(asked), 'answers.bin');
}

test('answers are found again, some from the middle, with what was the largest', async () => {
  await filled(5, true);
  const answers = await Answers.open(folder, asked);
  expect([answers.count, answers.whole, answers.size]).toEqual([5, true, size]);
  expect(await answers.read(3, 100)).toEqual([answer(3), answer(4)]);
  expect(await answers.largest()).toBe(4);
  await answers.append([answer(5)], size);
  expect(answers.count).toBe(6);
  await answers.close();
});

test('a torn last record is forgotten, and the run goes on before it', async () => {
  const file = await filled(3);
  await truncate(file, (await stat(file)).size - 5);
  const answers = await Answers.open(folder, asked);
  expect([answers.count, answers.whole]).toEqual([2, false]);
  await answers.append([answer(9)], size);
  expect(await answers.read(1, 2)).toEqual([answer(1), answer(9)]);
  await answers.close();
});

test.each([{ bytes: '' }, { bytes: 'short' }, { bytes: 'not a file of answers at all' }])(
  'a file with "$bytes" is none',
  async ({ bytes }) => {
    await writeFile(await filled(1), bytes);
    const answers = await Answers.open(folder, asked);
    expect(answers.count).toBe(0);
    await answers.append([answer(1)], size);
    expect(await answers.read(0, 1)).toEqual([answer(1)]);
    await answers.close();
  },
);

test('another look is the same question; another film, network, part, layer or class is not', () => {
  const key = questionKey(asked);
  const but = (given: object) => questionKey({ ...asked, settings: { ...asked.settings, ...given } });
  for (const same of [{ colours: 'jet' }, { opacity: 1 }, { layout: 'heat' }, { smoothing: 0 }, { scale: 'frame' }]) {
    expect(but(same)).toBe(key);
  }
  const others = [
    ...[{ method: 'grad-cam++' }, { layer: 'x' }, { class: 3 }, { every: 2 }, { from: 1 }, { to: 2 }].map(but),
    ...[but({ rate: 25 }), but({ ways: { fit: 'pad' } }), but({ model: 'resnet50' })],
    ...[{ changed: 2 }, { revision: 's' }, { view: { width: 2, height: 2 } }].map((given) =>
      questionKey({ ...asked, ...given }),
    ),
  ];
  expect(new Set([key, ...others]).size).toBe(others.length + 1);
});

test('folders without answers are swept', async () => {
  await filled(1);
  await mkdir(join(folder, 'a'.repeat(24)));
  await (await Answers.open(folder, asked)).close();
  expect(await readdir(folder)).toEqual([questionKey(asked)]);
});
