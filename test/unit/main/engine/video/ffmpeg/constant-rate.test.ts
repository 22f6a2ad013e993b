import { describe, expect, test } from 'vitest';
import { atConstantRate, type Rate } from '#engine/video/ffmpeg/constant-rate.ts';
import type { Frame } from '#engine/video/stages.ts';

async function* film(times: readonly number[]): AsyncGenerator<Frame, { damaged: number }> {
  for (const [index, seconds] of times.entries()) {
    await Promise.resolve();
    yield { index, seconds, pixels: Uint8Array.of(index) };
  }
  return { damaged: 1 };
}

async function shown(times: readonly number[], rate: Partial<Rate>): Promise<Frame[]> {
  const usual = { rate: 25, from: 0, to: Infinity, seconds: null, meanRate: 25 };
  const frames: Frame[] = [];
  for await (const frame of atConstantRate(film(times), { ...usual, ...rate })) frames.push(frame);
  return frames;
}

const even = [0, 0.04, 0.08, 0.12];
const numbers = (frames: Frame[]) => frames.map(({ pixels }) => pixels[0]);

describe('a film at a constant rate', () => {
  test.each<[string, readonly number[], Partial<Rate>, number[]]>([
    ['its own: as it is', even, {}, [0, 1, 2, 3]],
    ['twice: each is repeated', even, { rate: 50 }, [0, 0, 1, 1, 2, 2, 3, 3]],
    ['half: those that stand then', even, { rate: 12.5 }, [0, 2]],
    ['uneven: the last that began', [0, 0.12, 0.16, 0.3], { meanRate: 10 }, [0, 0, 0, 1, 2, 2, 2, 2, 3, 3]],
    ['stamps rounded to milliseconds', [0, 0.033, 0.067, 0.1], { rate: 30, meanRate: 30 }, [0, 1, 2, 3]],
    ['its last stands to the end that it says', even, { seconds: 0.24 }, [0, 1, 2, 3, 3, 3]],
    ['a part', [0.08, 0.12], { from: 0.08, to: 0.16 }, [0, 1]],
    ['a part that begins between frames', [0.12], { from: 0.1, to: 0.16 }, [0, 0]],
    ['nothing', [], {}, []],
  ])('%s', async (_, times, rate, expected) => expect(numbers(await shown(times, rate))).toEqual(expected));

  test('counted and timed anew from the part’s beginning, no two share their bytes', async () => {
    const frames = await shown([1, 1.04], { from: 1, rate: 50 });
    expect(frames.map(({ index, seconds }) => [index, Math.round(1000 * seconds)])).toEqual([
      [0, 1000],
      [1, 1020],
      [2, 1040],
      [3, 1060],
    ]);
    expect(new Set(frames.map(({ pixels }) => pixels.buffer)).size).toBe(4);
  });

  test('left early, the film is left too', async () => {
    let left = false;
    async function* endless(): AsyncGenerator<Frame, undefined> {
      try {
        for (let index = 0; ; index++) {
          await Promise.resolve();
          yield { index, seconds: index / 25, pixels: new Uint8Array(1) };
        }
      } finally {
        left = true;
      }
    }
    for await (const { index } of atConstantRate(endless(), {
      rate: 25,
      from: 0,
      to: Infinity,
      seconds: null,
      meanRate: 25,
    })) {
      if (index === 2) break;
    }
    expect(left).toBe(true);
  });
});
