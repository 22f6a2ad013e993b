import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { callsOver } from '#contract/calls.ts';
import type { engineContract } from '#contract/engine.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { nodeLauncher } from '#link/node-process.ts';

// The built engine as hosts start it, with real TensorFlow, ended by the system in the middle of a step.
const built = path.resolve(import.meta.dirname, '../../out/main/engine.cjs');
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an engine killed while it trains leaves a run that opens again with the weights of its last epoch', async () => {
  if (!existsSync(built)) throw new Error(`${built} is not built; run \`npm run build\` first`);
  const launch = nodeLauncher(built, undefined, 'ignore');
  const engine = new EngineProcess({
    launch,
    args: () => ({ project: path.join(folder, 'project'), backend: 'auto' }),
  });
  try {
    engine.start();
    expect((await engine.settled()).state).toBe('ready');
    const calls = callsOver<typeof engineContract>(engine.connect());
    const { id } = await calls.training.start({
      dataset: 'mnist',
      preset: 'tutorial-mlp-16',
      epochs: 10_000,
      batchSize: 32,
      optimizer: { name: 'adam', learningRate: 0.001 },
      seed: 1,
      validation: { amount: 'none', pick: 'last' },
      limitTrain: 1000,
      limitTest: 100,
    });
    let epochs = 0;
    const watching = (async () => {
      for await (const event of await calls.training.watch({ run: id })) {
        if (event.kind === 'epoch' && ++epochs === 3) process.kill(engine.pid!, 'SIGKILL');
      }
    })();
    await expect(watching).rejects.toMatchObject({ code: 'engine/lost' });
    expect(engine.life.state).toBe('lost');

    await engine.restart();
    expect((await engine.settled()).state).toBe('ready');
    const port = engine.connect();
    const again = callsOver<typeof engineContract>(port);
    const run = await again.training.run({ run: id });
    expect(run.state).toBe('interrupted');
    expect(run.epochsDone).toBeGreaterThanOrEqual(3);
    expect(run.history).toHaveLength(run.epochsDone);
    expect(run.batches.length).toBeGreaterThanOrEqual(32 * 3);
    const pixels = Buffer.alloc(28 * 28, 128).toString('base64');
    expect((await again.prediction.digit({ run: id, width: 28, height: 28, pixels })).top).toHaveLength(10);
    port.close();
  } finally {
    await engine.close();
  }
});
