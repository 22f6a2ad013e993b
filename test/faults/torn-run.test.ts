import { cp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunSummary } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { below, generator } from '#engine/data/random.ts';
import { batchesFile, historyFile, runFile, weightsFile } from '#engine/training/run-files.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { follow, settings, smallTraining } from '#test/support/small-training.ts';

const random = generator(7);
const files = { runFile, historyFile, batchesFile, weightsFile };

/** Each at a random place, by a fixed seed. */
const damages: Record<string, (file: string) => Promise<unknown>> = {
  'cut off': async (file) => truncate(file, below(random, (await stat(file)).size)),
  'with a byte changed': async (file) => {
    const content = await readFile(file);
    content[below(random, content.length)]! ^= 1 + below(random, 255);
    await writeFile(file, content);
  },
  'ending in zeros': async (file) => {
    const content = await readFile(file);
    await writeFile(file, content.fill(0, below(random, content.length)));
  },
  gone: (file) => rm(file),
};

/** What may be said of such a run; a changed byte can also name another preset or shape. */
const said = ['run/torn', 'run/no-weights', 'run/newer-version', 'model/unknown-preset', 'model/too-small'];

test.each(Object.keys(files).flatMap((file) => Object.keys(damages).map((damage) => [file, damage] as const)))(
  '%s %s: the run still shows, is never taken for whole when it is not, and hides no other',
  async (file, damage) => {
    const { project, store, trainer, data } = await smallTraining();
    const run = await trainer.start({ ...settings, epochs: 2 });
    await follow(trainer, run);
    const whole = await store.detail(run.id);
    const values = await read(store.get(run.id), store.folder(run.id));
    const torn = join(project.runsFolder, 'torn');
    for (let time = 0; time < (damage === 'gone' ? 1 : 15); time++) {
      await rm(torn, { recursive: true, force: true });
      await cp(store.folder(run.id), torn, { recursive: true });
      await damages[damage]!(files[file as keyof typeof files](torn));
      const again = await RunStore.open(project);
      expect(
        again
          .list()
          .map(({ id }) => id)
          .sort(),
      ).toEqual([run.id, 'torn']);
      expect(await again.detail(run.id)).toEqual(whole);
      const detail = await again.detail('torn');
      expect(detail.history.length).toBeLessThanOrEqual(whole.history.length);
      const before = tf.memory().numTensors;
      try {
        expect(await read(again.get('torn'), torn)).toEqual(values);
      } catch (thrown) {
        expect(said).toContain((thrown as { code: string }).code);
        if (file === 'historyFile' || file === 'batchesFile') throw thrown;
      }
      expect(tf.memory().numTensors).toBe(before);
    }

    async function read(found: RunSummary, folder: string): Promise<number[][]> {
      const network = await loadRunNetwork(found, folder, data);
      const values = network.variables.map(({ variable }) => [...variable.dataSync()]);
      network.dispose();
      return values;
    }
  },
);
