import { expect, test } from 'vitest';
import type { DataSetSummary, ImportEvent, ImportLook } from '#contract/data.ts';
import { DataSets } from '#state/datasets.svelte.ts';
import { Imports } from '#state/imports.svelte.ts';
import type { Link } from '#page-link/index.ts';

const made: DataSetSummary = {
  ...{ id: 'photos-1', name: 'pets', kind: 'folder', height: 8, width: 8, channels: 3, classes: ['cat', 'dog'] },
  ...{ splits: { train: 4 }, hash: 'h', files: [], problems: [] },
};
const look = { kind: 'folder', name: 'pets' } as ImportLook;
const progress = { kind: 'progress', total: 4, repaired: 0, skipped: 0, imagesPerSecond: 1, secondsLeft: 1 } as const;

/** An engine whose import goes on when the test says so, and hears when it is cancelled. */
function fakeEngine(events: readonly ImportEvent[], end: 'made' | 'fails' = 'made') {
  const steps: (() => void)[] = [];
  const step = () => new Promise<void>((settle) => steps.push(settle));
  async function* read(): AsyncGenerator<ImportEvent, DataSetSummary> {
    for (const event of events) {
      await step();
      yield event;
    }
    await step();
    if (end === 'fails') throw new Error('it fails');
    return made;
  }
  let signal: AbortSignal | undefined;
  const data = {
    import: (_: unknown, options: { signal: AbortSignal }) => {
      signal = options.signal;
      return Promise.resolve(read());
    },
    list: () => Promise.resolve([made]),
  };
  const link = { engine: { data } } as unknown as Link;
  const next = async () => {
    await expect.poll(() => steps.length).toBeGreaterThan(0);
    steps.shift()?.();
    await new Promise((settle) => setTimeout(settle));
  };
  return { link, next, cancelled: () => signal?.aborted };
}

test('an import is shown while it runs, with its first pictures, and is a data set at its end', async () => {
  const engine = fakeEngine([
    { kind: 'listed', job: 'j', images: 4, classes: 2, splits: { train: 4 } },
    { ...progress, done: 1, preview: 1 },
  ]);
  const datasets = new DataSets(engine.link);
  const imports = new Imports(engine.link, datasets);
  const done = imports.import({ paths: ['/pets'], look });
  const [job] = imports.jobs;
  expect(imports.shown).toBe(job);
  expect([imports.shown?.name, imports.shown?.share, imports.shown?.screen]).toEqual(['pets', null, null]);
  await engine.next();
  expect(imports.shown?.splits).toEqual({ train: 4 });
  await engine.next();
  expect(imports.shown?.share).toBe(0.25);
  expect(imports.shown?.screen).toEqual({ url: 'pictures/import/j?n=1', images: 1 });
  job?.cancel();
  expect(engine.cancelled()).toBe(true);
  await engine.next();
  expect(await done).toBe(made);
  expect([imports.jobs, imports.shown, datasets.all]).toEqual([[], null, [made]]);
});

test('one that fails leaves nothing behind', async () => {
  const engine = fakeEngine([], 'fails');
  const imports = new Imports(engine.link, new DataSets(engine.link));
  const done = expect(imports.import({ paths: ['/pets'], look })).rejects.toThrow('it fails');
  await engine.next();
  await done;
  expect([imports.jobs, imports.shown]).toEqual([[], null]);
});

test('what is sent can be followed and stopped', async () => {
  const imports = new Imports({} as Link, new DataSets({} as Link));
  const sent = imports.send(
    ({ progress, signal }) => {
      progress?.(0.5);
      return new Promise((_, fail) => signal?.addEventListener('abort', () => fail(new Error('stopped'))));
    },
    () => undefined,
  );
  expect(imports.sent).toBe(0.5);
  imports.stopSending();
  await expect(sent).rejects.toThrow('stopped');
  expect(imports.sent).toBeNull();
});
