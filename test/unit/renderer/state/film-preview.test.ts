import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '#contract/failures.ts';
import { filmSettings, type FilmPreview, type FilmSettings } from '#contract/video.ts';
import type { Link } from '#page-link/index.ts';
import { PreviewedFrame } from '#state/film-preview.svelte.ts';

const settings = filmSettings.parse({ model: 'net' });
const strong = filmSettings.parse({ model: 'net', opacity: 1 });
const rest = () => new Promise((settle) => setTimeout(settle));
const revoked: string[] = [];

beforeEach(() => {
  revoked.length = 0;
  vi.stubGlobal('URL', { revokeObjectURL: (url: string) => revoked.push(url) });
});
afterEach(() => vi.unstubAllGlobals());

interface Question {
  readonly seconds: number;
  readonly settings: FilmSettings;
  readonly signal: AbortSignal;
  readonly answer: (thrown?: unknown) => void;
}

function fakePreview() {
  const asked: Question[] = [];
  const video = {
    preview: (input: { seconds: number; settings: FilmSettings }, { signal }: { signal: AbortSignal }) =>
      new Promise<FilmPreview>((settle, fail) => {
        const answer = (thrown?: unknown) =>
          thrown === undefined ? settle({ frame: { seconds: input.seconds } } as FilmPreview) : fail(thrown as Error);
        signal.addEventListener('abort', () => fail(new AppError('call/cancelled', 'cancelled')));
        asked.push({ ...input, signal, answer });
      }),
  };
  let pictures = 0;
  const link = { engine: { video } } as unknown as Link;
  const loaded = (url: string) => Promise.resolve(url.includes('/frame?') ? 'plain' : `blob:${++pictures}`);
  return { preview: new PreviewedFrame(link, loaded), asked };
}

test('while a person drags one question is under way, and the newest place follows', async () => {
  const { preview, asked } = fakePreview();
  for (const seconds of [0, 1, 2, 3]) preview.ask('f', settings, seconds);
  await rest();
  expect(asked.map(({ seconds }) => seconds)).toEqual([0]);
  asked[0]!.answer();
  await rest();
  expect(preview.shown?.seconds).toBe(0);
  expect(asked.map(({ seconds }) => seconds)).toEqual([0, 3]);
  asked[1]!.answer();
  await rest();
  expect([preview.shown?.seconds, preview.busy]).toEqual([3, false]);
  expect(revoked).toEqual(['plain', 'blob:1']);
});

test('an answer to other settings is not waited for; the picture before stays meanwhile', async () => {
  const { preview, asked } = fakePreview();
  preview.ask('f', settings, 0);
  await rest();
  asked[0]!.answer();
  await rest();
  preview.ask('f', settings, 1);
  preview.ask('f', strong, 1);
  await rest();
  expect(asked[1]!.signal.aborted).toBe(true);
  expect(preview.shown?.seconds).toBe(0);
  asked[2]!.answer();
  await rest();
  expect(preview.shown?.settings.opacity).toBe(1);
  expect(preview.failure).toBeNull();
});

test('a failure is kept beside the picture, and goes with the next answer', async () => {
  const { preview, asked } = fakePreview();
  preview.ask('f', settings, 0);
  await rest();
  asked[0]!.answer(new AppError('file/missing', 'gone', { file: 'x' }));
  await rest();
  expect(preview.failure?.code).toBe('file/missing');
  preview.ask('f', settings, 0);
  await rest();
  asked[1]!.answer();
  await rest();
  expect([preview.failure, preview.shown?.seconds]).toEqual([null, 0]);
});

test('another film begins without the picture of the one before; what is put away is let go', async () => {
  const { preview, asked } = fakePreview();
  preview.ask('f', settings, 0);
  await rest();
  asked[0]!.answer();
  await rest();
  preview.ask('g', settings, 0);
  expect(preview.shown).toBeNull();
  preview.clear();
  await rest();
  expect([preview.busy, revoked]).toEqual([false, ['plain', 'blob:1', 'plain']]);
});

test('until a network has answered, the frame itself is shown', async () => {
  const { preview, asked } = fakePreview();
  preview.ask('f', settings, 0);
  await rest();
  expect([preview.shown, preview.plainOf('f'), preview.plainOf('g'), preview.met('net')]).toEqual([
    ...[null, 'plain', null, false],
  ]);
  asked[0]!.answer();
  await rest();
  expect([preview.plainOf('f'), preview.met('net'), revoked]).toEqual([null, true, ['plain']]);
});
