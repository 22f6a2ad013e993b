import { beforeAll, expect, test } from 'vitest';
import { tf } from '#engine/backend/tensors.ts';
import { generator } from '#engine/data/random.ts';
import { Project } from '#engine/project/project.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { brightness } from '#test/support/brightness.ts';
import { bundled, killAfterStart } from '#test/support/killed-program.ts';
import { openProject } from '#test/support/open-project.ts';

const kills = 20;

beforeAll(() => tf.setBackend('cpu'));

test(`killed ${kills} times while training: every run opens as interrupted, with the weights of a whole epoch`, async () => {
  const first = await openProject();
  await first.close();
  const program = await bundled('train-for-ever');
  const random = generator(1);
  const data = brightness();
  for (let kill = 1; kill <= kills; kill++) {
    await killAfterStart(program, [first.folder], random() % 120);
    const project = await Project.open(first.folder); // the killed one still stands in the lock
    try {
      const store = await RunStore.open(project);
      expect(store.list()).toHaveLength(kill);
      const run = store.list()[0]!;
      const detail = await store.detail(run.id);
      expect(run).toMatchObject({ state: 'interrupted', epochsDone: detail.history.length });
      expect(run.epochsDone).toBeGreaterThan(0);
      expect(detail.history.map(({ epoch }) => epoch)).toEqual(detail.history.map((_, place) => place + 1));
      expect(run.last).toEqual(detail.history.at(-1));
      expect(detail.batches.map(({ step }) => step)).toEqual(detail.batches.map((_, place) => place + 1));
      (await loadRunNetwork(run, store.folder(run.id), data)).dispose();
    } finally {
      await project.close();
    }
  }
}, 180_000);
