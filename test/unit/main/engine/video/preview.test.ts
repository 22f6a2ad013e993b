import { expect, test, vi } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import { FilmPreviews } from '#engine/video/preview.ts';
import type { FrameExplanation } from '#engine/video/stages.ts';
import { someFilm, someFrame, someSettings } from '#test/support/films.ts';

const said: FrameExplanation = {
  heat: { frame: someFrame(1), height: 1, width: 1, values: Float32Array.of(1) },
  layer: null,
  seen: { left: 0, top: 0, width: 1, height: 1 },
};

function previewing() {
  let revision = 'first';
  const decoded = vi.fn((_: unknown, size: { width: number; height: number }, seconds: number) =>
    Promise.resolve({ index: 0, seconds, pixels: new Uint8Array(size.width * size.height * 3) }),
  );
  const asked = vi.fn((_f: unknown, _s: unknown, { class: index }: { class: number | string }, signal: AbortSignal) =>
    index === 9
      ? new Promise<FrameExplanation>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        )
      : Promise.resolve(said),
  );
  const composed = vi.fn((frame: unknown) => Promise.resolve(frame as never));
  const previews = new FilmPreviews({
    films: { get: (id) => someFilm(id) },
    ...{ readFrameAt: decoded, explainFrame: asked, composeFrame: composed },
    known: () => Promise.resolve({ revision } as KnownModel),
  });
  return { previews, decoded, asked, composed, retrain: () => (revision = 'second') };
}

test('other colours ask neither the film nor the network again', async () => {
  const { previews, decoded, asked, composed } = previewing();
  expect(await previews.preview('a', someSettings, 1)).toMatchObject({ width: 128, height: 48, frame: someFrame(1) });
  const looks = { ...someSettings, opacity: 1, colours: 'jet', layout: 'heat', labels: false } as const;
  expect(await previews.preview('a', looks, 1)).toMatchObject({ width: 64 });
  await previews.composed('a', looks, 1);
  expect([decoded.mock.calls.length, asked.mock.calls.length, composed.mock.calls.length]).toEqual([1, 1, 1]);
});

test.each([
  ['another class', { class: 1 }, 1, 1],
  ['another method', { method: 'grad-cam++' }, 1, 1],
  ['another time', {}, 2, 2],
] as const)('%s is another question', async (_, change, seconds, decodings) => {
  const { previews, decoded, asked } = previewing();
  await previews.preview('a', someSettings, 1);
  await previews.preview('a', { ...someSettings, ...change }, seconds);
  expect([decoded.mock.calls.length, asked.mock.calls.length]).toEqual([decodings, 2]);
});

test('a network that learned since is asked anew', async () => {
  const { previews, asked, retrain } = previewing();
  await previews.preview('a', someSettings, 1);
  retrain();
  await previews.preview('a', someSettings, 1);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('a newer question ends the one before it, but not that about another film', async () => {
  const { previews, asked } = previewing();
  const slow = previews.preview('a', { ...someSettings, class: 9 }, 1);
  const other = previews.preview('b', { ...someSettings, class: 9 }, 1);
  await vi.waitUntil(() => asked.mock.calls.length === 2);
  const cancelled = expect(slow).rejects.toMatchObject({ code: 'call/cancelled' });
  await previews.preview('a', someSettings, 1);
  await cancelled;
  const also = expect(other).rejects.toMatchObject({ code: 'call/cancelled' });
  await previews.preview('b', someSettings, 1);
  await also;
});

test('an address that is asked for late does not end a newer question', async () => {
  const { previews, asked } = previewing();
  const newer = previews.preview('a', { ...someSettings, class: 9 }, 1);
  await vi.waitUntil(() => asked.mock.calls.length === 1);
  await previews.composed('a', someSettings, 1);
  expect(asked.mock.calls[0]?.[3].aborted).toBe(false);
  const cancelled = expect(newer).rejects.toMatchObject({ code: 'call/cancelled' });
  await previews.preview('a', someSettings, 1);
  await cancelled;
});

test('what failed is asked again', async () => {
  const { previews, asked } = previewing();
  asked.mockRejectedValueOnce(new Error('no memory'));
  await expect(previews.preview('a', someSettings, 1)).rejects.toThrow('no memory');
  await previews.preview('a', someSettings, 1);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('frames alone are small pictures', async () => {
  const { previews } = previewing();
  expect((await previews.jpeg('a', 0, 32)).subarray(0, 2)).toEqual(Buffer.of(0xff, 0xd8));
});
