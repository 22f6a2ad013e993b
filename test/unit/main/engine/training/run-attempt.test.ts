import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Split } from '#contract/data.ts';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { CheckpointFolder } from '#engine/training/checkpoint-folder.ts';
import { weightsFile } from '#engine/training/run-files.ts';
import type { RunSession } from '#engine/training/run-session.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { decodeSafetensors } from '#engine/model/safetensors.ts';
import { brightness } from '#test/support/brightness.ts';
import { openProject } from '#test/support/open-project.ts';
import { begin, onPlainJavaScript, roundSettings } from '#test/support/rounds.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

beforeAll(onPlainJavaScript);

/** Adam, 38 images by 5, a checkpoint every 3 batches. */
const settings: TrainingSettings = {
  ...roundSettings(1)[2]!,
  epochs: 3,
  earlyStopping: undefined,
  checkpoints: { everyBatches: 3 },
};

interface World {
  /** Called when images of a batch are read, with how many batches were before. */
  readonly reads?: (images: number, before: number, session: RunSession) => void;
}

async function world() {
  const project = await openProject();
  const store = await RunStore.open(project);
  const reported: unknown[] = [];
  const train = async (chosen: TrainingSettings, { reads }: World = {}): Promise<RunDetail> => {
    let read = 0;
    const data = heard((images) => session && reads?.(images, read++, session));
    const session: RunSession | null = await begin(
      store,
      chosen,
      () => undefined,
      (thrown) => reported.push(thrown),
      data,
    );
    await session?.run();
    return store.detail(store.list().find(({ name }) => name === chosen.name)!.id);
  };
  const weights = async ({ folder }: RunDetail) =>
    (await decodeSafetensors(await readFile(weightsFile(folder)))).tensors;
  const checkpoints = async ({ folder }: RunDetail) =>
    (await readdir(join(folder, 'checkpoints'))).flatMap((name) => /^step-0*(\d+)/.exec(name)?.[1] ?? []).map(Number);
  return { store, train, weights, checkpoints, reported };
}

/** Images whose reading can be heard. */
function heard(reads: (images: number) => void): DataSet {
  const data = brightness();
  const source = data.source('train')!;
  const listening = {
    count: source.count,
    labels: source.labels,
    read: (indices: ArrayLike<number>, into: Uint8Array) => {
      reads(indices.length);
      source.read(indices, into);
    },
  };
  const { summary, classes, height, width, channels } = data;
  const sources = (split: Split) => (split === 'train' ? listening : data.source(split));
  return { summary, classes, height, width, channels, source: sources };
}

/** Ends it as a closing project does, in the batch after so many. */
const interruptAfter = (batches: number) => (_: number, before: number, session: RunSession) => {
  if (before === batches) session.interrupt();
};

/** Memory that holds only so many images at a time, from a batch on. */
const narrow =
  (most: number, from = 0) =>
  (images: number, before: number) => {
    if (before >= from && images > most) throw new Error('OOM when allocating tensor with shape[5,8]');
  };

test('interrupted and taken up again and again, it ends as if it had not been', async () => {
  const letBe = await (await world()).train(settings);
  const { train, reported } = await world();
  let run: RunDetail;
  let pieces = 0;
  do {
    run = await train(settings, { reads: interruptAfter(4) });
    pieces += 1;
  } while (run.state === 'interrupted');
  expect(pieces).toBeGreaterThan(3);
  expect(run).toMatchObject({ state: 'done', revision: letBe.revision, test: letBe.test, best: letBe.best });
  expect(run.batches).toEqual(letBe.batches);
  expect(run.history.map(({ loss, metrics }) => [loss, metrics])).toEqual(
    letBe.history.map(({ loss, metrics }) => [loss, metrics]),
  );
  expect(reported).toEqual([]);
});

test('an interrupted run says where it stands, and its weights are those of that place', async () => {
  const { train, weights } = await world();
  const run = await train(settings, { reads: interruptAfter(10) });
  expect(run.state).toBe('interrupted');
  expect(run.checkpoint!.step).toBe(run.batches.at(-1)!.step);
  const { found } = await new CheckpointFolder(run.folder).newest();
  expect(await weights(run)).toEqual(found!.state.slice(0, 4));
});

test('when the newest checkpoint is damaged it goes on from the one before, to the same end, and says so', async () => {
  const letBe = await (await world()).train(settings);
  const { train, checkpoints } = await world();
  const run = await train(settings, { reads: interruptAfter(10) });
  const newest = Math.max(...(await checkpoints(run)));
  await writeFile(join(run.folder, 'checkpoints', `step-${String(newest).padStart(9, '0')}.safetensors`), 'torn');
  const again = await train(settings);
  expect(again).toMatchObject({ state: 'done', revision: letBe.revision });
  expect(again.batches).toEqual(letBe.batches);
});

test('after early stopping the weights are those of the best epoch, and nothing is left to do', async () => {
  const { train, weights, store } = await world();
  const watched = { monitor: 'loss', patience: 2, minDelta: 0.5, startFrom: 1, restoreBest: true } as const;
  const run = await train({ ...settings, epochs: 12, earlyStopping: watched });
  expect(run).toMatchObject({ state: 'done', ended: 'early-stopping', best: { monitor: 'loss', epoch: 1 } });
  expect(run.epochsDone).toBe(3);
  const best = await new CheckpointFolder(run.folder).at(8);
  expect(await weights(run)).toEqual(best.state.slice(0, 4));
  expect(store.get(run.id).revision).toMatch(/^[0-9a-f]{16}$/);
});

// Weights of 10²⁴ after the first step: numbers, with which the next loss is none.
test.each([1, 2, 100])(
  'a run whose loss is lost keeps the last weights that are numbers (a checkpoint every %i batches)',
  async (everyBatches) => {
    const { train, weights } = await world();
    const steep: TrainingSettings = {
      ...settings,
      optimizer: { name: 'sgd', learningRate: 1e25 },
      checkpoints: { everyBatches },
    };
    const run = await train(steep);
    expect(run).toMatchObject({ state: 'failed', ended: 'not-finite', failure: { code: 'train/not-finite' } });
    const kept = await weights(run);
    const each = await (await world()).train({ ...steep, checkpoints: { everyBatches: 1 } });
    const { found } = await new CheckpointFolder(each.folder).newest();
    expect(found!.facts.place.step).toBe(run.batches.at(-1)!.step);
    expect(kept).toEqual(found!.state.slice(0, 4));
  },
);

test('a run whose first update leaves no numbers keeps no weights', async () => {
  const { train, weights } = await world();
  const run = await train({ ...settings, optimizer: { name: 'sgd', learningRate: 1e300 } });
  expect(run).toMatchObject({ state: 'failed', ended: 'not-finite' });
  await expect(weights(run)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('when memory runs out the batch is halved, and every image is seen once all the same', async () => {
  const { train, reported } = await world();
  const run = await train({ ...settings, epochs: 1 }, { reads: narrow(2) });
  expect(run).toMatchObject({ state: 'done', batchSize: 2, epochsDone: 1 });
  expect(run.batches).toHaveLength(38 / 2);
  expect(reported).toHaveLength(1);
});

test('when it runs out in the middle, the run goes on from its last checkpoint with the smaller batch', async () => {
  const { train } = await world();
  const run = await train({ ...settings, epochs: 1 }, { reads: narrow(4, 4) });
  expect(run).toMatchObject({ state: 'done', batchSize: 2 });
  // Three batches of 5 before the checkpoint, then the other 23 images by 2.
  expect(run.batches).toHaveLength(3 + 12);
  expect(run.batches.map(({ step }) => step)).toEqual(run.batches.map((_, place) => place + 1));
});

test('when one image is too much the run fails, and says why', async () => {
  const { train, reported } = await world();
  const run = await train(settings, { reads: narrow(0) });
  expect(run).toMatchObject({ state: 'failed', batchSize: 1, failure: { code: 'train/out-of-memory' } });
  expect(reported).toHaveLength(3); // 5 → 2 → 1
});

test('sample weights count, and the run keeps its own copy', async () => {
  const { train } = await world();
  const file = join(await temporaryFolder(), 'weights.txt');
  await writeFile(file, Array.from({ length: 48 }, (_, image) => `${image % 2}\n`).join(''));
  const plain = await train(settings);
  const chosen = { ...settings, name: 'weighted', sampleWeightsFile: file };
  const begun = await train(chosen, { reads: interruptAfter(5) });
  await writeFile(file, 'gone');
  const weighted = await train(chosen);
  expect([begun.state, weighted.state]).toEqual(['interrupted', 'done']);
  expect(weighted.batches[0]!.loss).toBeLessThan(plain.batches[0]!.loss);
});

test('nothing is left in memory, whichever way a run ends', async () => {
  const { train } = await world();
  const before = tf.memory().numTensors;
  await train({ ...settings, name: 'done' });
  await train({ ...settings, name: 'interrupted' }, { reads: interruptAfter(5) });
  await train({ ...settings, name: 'lost', optimizer: { name: 'sgd', learningRate: 1e25 } });
  await train({ ...settings, name: 'narrow' }, { reads: narrow(2) });
  expect(tf.memory().numTensors).toBe(before);
});
