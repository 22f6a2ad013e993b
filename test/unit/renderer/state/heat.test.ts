import { expect, test } from 'vitest';
import type { Explanation } from '#contract/explain.ts';
import type { Link } from '#page-link/index.ts';
import { HeatEpochs } from '#state/heat-epochs.svelte.ts';
import { HeatMaps, type HeatQuestion } from '#state/heat-maps.ts';
import { HeatWork, type HeatProgress } from '#state/heat-work.svelte.ts';
import { Heat } from '#state/heat.svelte.ts';

const question = (change: Partial<HeatQuestion> = {}): HeatQuestion => ({
  ...{ model: 'm', picture: { photo: 'p' }, method: 'grad-cam', options: {}, ways: {} },
  ...change,
});

/** An engine that answers when the test says so, and hears which questions were given up. */
function engine() {
  const asked: { question: HeatQuestion; answer: () => void; fail: (thrown: Error) => void; given: boolean }[] = [];
  const map = (of: HeatQuestion, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise<Explanation>((settle, fail) => {
      const one = {
        question: of,
        given: false,
        answer: () => settle({ model: of.model, milliseconds: 12, class: { index: of.class ?? 0 } } as Explanation),
        fail,
      };
      asked.push(one);
      signal?.addEventListener('abort', () => {
        one.given = true;
        fail(new Error('given up'));
      });
    });
  const maps = new HeatMaps({ engine: { explain: { map } } } as unknown as Link);
  return { asked, maps };
}

const turn = () => new Promise((settle) => setTimeout(settle));

test('a map that is known is there at once and is not asked for again', async () => {
  const { asked, maps } = engine();
  const heat = new Heat(maps);
  const first = heat.ask(question(), '1');
  expect(heat.since).not.toBeNull();
  asked[0]?.answer();
  await first;
  expect(heat.shown).toMatchObject({ class: { index: 0 } });
  expect(heat.since).toBeNull();
  expect(maps.took(question())).toBe(12);
  const other = heat.ask(question({ class: 3 }), '1');
  asked[1]?.answer();
  await other;
  await heat.ask(question(), '1');
  expect(heat.shown).toMatchObject({ class: { index: 0 } });
  expect(asked).toHaveLength(2);
});

test('other weights or another picture are another question', async () => {
  const { asked, maps } = engine();
  void maps.ask(question(), '1').catch(() => undefined);
  void maps.ask(question(), '2').catch(() => undefined);
  expect(asked).toHaveLength(2);
});

test('a question gives up the one before; what was shown stays until the answer comes', async () => {
  const { asked, maps } = engine();
  const heat = new Heat(maps);
  const first = heat.ask(question({ class: 1 }), '1');
  asked[0]?.answer();
  await first;
  const slow = heat.ask(question({ method: 'occlusion' }), '1');
  const last = heat.ask(question({ class: 2 }), '1');
  expect(asked[1]?.given).toBe(true);
  expect(heat.shown).toMatchObject({ class: { index: 1 } });
  asked[2]?.answer();
  await Promise.all([slow, last]);
  expect(heat.shown).toMatchObject({ class: { index: 2 } });
  expect(heat.failure).toBeNull();
});

test('a failure is told, and asking again forgets it', async () => {
  const { asked, maps } = engine();
  const heat = new Heat(maps);
  const failing = heat.ask(question(), '1');
  asked[0]?.fail(new Error('broken'));
  await failing;
  expect(heat.failure).toMatchObject({ message: 'broken' });
  const again = heat.again();
  asked[1]?.answer();
  await again;
  expect(heat.failure).toBeNull();
  expect(heat.shown).not.toBeNull();
});

test('what is given up by hand leaves no failure behind', async () => {
  const { maps } = engine();
  const heat = new Heat(maps);
  const asking = heat.ask(question(), '1');
  heat.cancel();
  await asking;
  expect([heat.failure, heat.since, heat.shown]).toEqual([null, null, null]);
});

test('epochs are fetched from the one in hand outwards, two at a time, and kept', async () => {
  const { asked, maps } = engine();
  const epochs = new HeatEpochs(maps);
  const fetching = epochs.fetch('r', [1, 2, 3, 4], question({ class: 1 }), 'x', 4);
  expect(asked.map((one) => one.question.model)).toEqual(['r@4', 'r@3']);
  for (let at = 0; at < 4; at++) {
    asked[at]?.answer();
    await turn();
  }
  await fetching;
  expect(asked.map((one) => one.question.model)).toEqual(['r@4', 'r@3', 'r@2', 'r@1']);
  expect([...epochs.found.keys()].sort()).toEqual([1, 2, 3, 4]);
  await epochs.fetch('r', [1, 2, 3, 4], question({ class: 1 }), 'x', 1);
  expect(asked).toHaveLength(4);
});

test('an epoch that cannot be asked ends the fetching and is told', async () => {
  const { asked, maps } = engine();
  const epochs = new HeatEpochs(maps);
  const fetching = epochs.fetch('r', [1, 2, 3], question(), 'x', 1);
  asked[0]?.fail(new Error('torn'));
  await fetching;
  expect(epochs.failure).toMatchObject({ message: 'torn' });
  expect(asked[1]?.given).toBe(true);
});

async function* steps(end: 'result' | 'fails'): AsyncGenerator<HeatProgress, string> {
  yield { done: 1, total: 2, secondsLeft: 1 };
  await turn();
  if (end === 'fails') throw new Error('it fails');
  return 'found';
}

test('work tells how far it is and ends with its result', async () => {
  const work = new HeatWork<string>();
  const running = work.run(() => Promise.resolve(steps('result')));
  expect(work.progress).toEqual({ done: 0, total: 0, secondsLeft: null });
  await running;
  expect([work.progress, work.result]).toEqual([null, 'found']);
  await work.run(() => Promise.resolve(steps('fails')));
  expect(work.failure).toMatchObject({ message: 'it fails' });
  expect(work.result, 'what was found before stays').toBe('found');
});

test('work that is cancelled says nothing any more', async () => {
  const work = new HeatWork<string>();
  let signal: AbortSignal | undefined;
  const running = work.run((given) => {
    signal = given;
    return Promise.resolve(steps('result'));
  });
  work.cancel();
  await running;
  expect(signal?.aborted).toBe(true);
  expect([work.progress, work.result, work.failure]).toEqual([null, null, null]);
});
