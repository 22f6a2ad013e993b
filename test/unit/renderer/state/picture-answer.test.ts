import { expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import type { Link } from '#page-link/index.ts';
import { PictureAnswer } from '#state/picture-answer.svelte.ts';

/** An engine that answers when the test says so, and hears what was cancelled. */
function fakeEngine() {
  const asked: { photo: string; signal: AbortSignal; end: (failure?: AppError) => void }[] = [];
  const picture = ({ picture }: { picture: { photo: string } }, { signal }: { signal: AbortSignal }) =>
    new Promise((settle, fail) => {
      const end = (failure?: AppError) => (failure ? fail(failure) : settle({ top: [{ label: picture.photo }] }));
      asked.push({ photo: picture.photo, signal, end });
    });
  return { link: { engine: { prediction: { picture } } } as unknown as Link, asked };
}

const about = (photo: string, model = 'm') => ({ model, picture: { photo }, ways: {} });

test('the newest question counts; older ones are cancelled, and their answers come to nothing', async () => {
  const { link, asked } = fakeEngine();
  const answer = new PictureAnswer(link);
  const first = answer.ask(about('a'));
  const second = answer.ask(about('b'));
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  asked[1]?.end();
  asked[0]?.end();
  await Promise.all([first, second]);
  expect(answer.answer?.top[0]?.label).toBe('b');
  expect(answer.asking).toBe(false);
});

test.each([
  { next: about('b'), keeps: false },
  { next: about('a', 'another'), keeps: false },
  { next: { ...about('a'), ways: { fit: 'pad' as const } }, keeps: true },
])('while $next is asked, the answer before it stays: $keeps', async ({ next, keeps }) => {
  const { link, asked } = fakeEngine();
  const answer = new PictureAnswer(link);
  const first = answer.ask(about('a'));
  asked[0]?.end();
  await first;
  void answer.ask(next);
  expect(answer.answer !== null).toBe(keeps);
});

test('a failure stands in the answer’s place until the next question', async () => {
  const { link, asked } = fakeEngine();
  const answer = new PictureAnswer(link);
  const first = answer.ask(about('a'));
  asked[0]?.end(new AppError('image/unreadable', 'It is torn.', { file: 'a' }));
  await first;
  expect([answer.answer, answer.failure?.code]).toEqual([null, 'image/unreadable']);
  void answer.ask(about('a'));
  expect(answer.failure).toBeNull();
});
