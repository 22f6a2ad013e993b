import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EpochRecord } from '#contract/training.ts';
import { EventLog } from '#engine/training/tensorboard/event-log.ts';
import { scalarEvent } from '#engine/training/tensorboard/event.ts';
import { tfRecord } from '#engine/training/tensorboard/record.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const python = process.env['HEATLENS_PYTHON'] ?? 'python3';

/** Whether this machine's Python has the module, or why what needs it is left out. */
function lacks(module: string): string | null {
  const asked = `import importlib.util as u, sys; sys.exit(not u.find_spec("${module}"))`;
  if (spawnSync(python, ['-c', asked]).status === 0) return null;
  return `${python} has no ${module}; HEATLENS_PYTHON may name one that has`;
}

/** By TensorFlow: its own reader checks each record's two checksums, and its own classes parse the events. */
const withTensorFlow = `
import sys, json, glob, os
import tensorflow as tf
out = {}
for part in ("train", "validation"):
    scalars = []
    for name in sorted(glob.glob(os.path.join(sys.argv[1], part, "events.out.tfevents.*"))):
        try:
            for event in tf.compat.v1.train.summary_iterator(name):
                assert event.wall_time > 1.6e9
                for value in event.summary.value:
                    assert value.metadata.plugin_data.plugin_name == "scalars"
                    scalars.append([value.tag, event.step, float(tf.make_ndarray(value.tensor))])
        except tf.errors.DataLossError:
            pass  # the torn end
    out[part] = scalars
print(json.dumps(out))
`;

/** By TensorBoard: what its pages show. */
const withTensorBoard = `
import sys, json, os
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
from tensorboard.util import tensor_util
shown = EventMultiplexer().AddRunsFromDirectory(sys.argv[1]).Reload()
out = {}
for run, kinds in shown.Runs().items():
    out[run] = {
        tag: [[event.step, float(tensor_util.make_ndarray(event.tensor_proto))] for event in shown.Tensors(run, tag)]
        for tag in kinds["tensors"]
    }
print(json.dumps(out))
`;

function ask<T>(program: string, folder: string): T {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' };
  const ended = spawnSync(python, ['-c', program, folder], { encoding: 'utf8', env });
  if (ended.status !== 0) throw new Error(`${python} ended with ${ended.status}: ${ended.stderr.slice(-2000)}`);
  return JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '') as T;
}

const epoch = (number: number): EpochRecord => ({
  ...{ epoch: number, loss: 1 / number, accuracy: 1 - 1 / (number + 1), learningRate: 0.001 },
  ...{ valLoss: 1.5 / number, valAccuracy: 0.5, metrics: { top_5: 0.75 }, valMetrics: { top_5: 0.5 } },
  ...{ seconds: 1, imagesPerSecond: 1, tensors: 1, memory: 1 },
});

/** Two epochs of 300 batches, a crash that tore the file's end, and a third epoch after it. */
async function writtenLog(): Promise<string> {
  const folder = await temporaryFolder();
  const refuse = (thrown: unknown) => {
    throw thrown;
  };
  const first = new EventLog(folder, refuse);
  for (const number of [1, 2]) {
    for (let batch = 1; batch <= 300; batch++) {
      const step = (number - 1) * 300 + batch;
      first.batch({ step, epoch: number, batch, batches: 300, loss: 1 / step, accuracy: batch / 300 });
    }
    first.flush();
    first.epoch(epoch(number));
  }
  await first.end();
  const logs = join(folder, 'tensorboard');
  for (const part of ['train', 'validation']) {
    const [name = ''] = await readdir(join(logs, part));
    const file = join(logs, part, name);
    const half = tfRecord(scalarEvent(Date.now() / 1000, 9, [{ tag: 'epoch_loss', value: 9 }])).subarray(0, 40);
    await writeFile(file, Buffer.concat([await readFile(file), half]));
  }
  const second = new EventLog(folder, refuse);
  second.epoch(epoch(3));
  await second.end();
  return logs;
}

const noTensorFlow = lacks('tensorflow');
if (noTensorFlow) console.log(`Event files are not read back by TensorFlow: ${noTensorFlow}.`);

test.skipIf(noTensorFlow)(
  `TensorFlow reads every event back, up to a torn end${noTensorFlow ? ` (skipped: ${noTensorFlow})` : ''}`,
  async () => {
    const found = ask<Record<'train' | 'validation', [string, number, number][]>>(withTensorFlow, await writtenLog());
    const losses = found.train.filter(([tag]) => tag === 'batch_loss');
    expect(losses).toHaveLength(600);
    for (const [place, [, step, value]] of losses.entries()) {
      expect(step).toBe(place + 1);
      expect(value).toBe(Math.fround(1 / step));
    }
    const of = (part: 'train' | 'validation', tag: string) =>
      found[part].filter(([name]) => name === tag).map(([, step, value]) => [step, value]);
    expect(of('train', 'epoch_loss')).toEqual([1, 2, 3].map((number) => [number - 1, Math.fround(1 / number)]));
    expect(of('train', 'epoch_learning_rate')).toEqual([0, 1, 2].map((step) => [step, Math.fround(0.001)]));
    expect(of('validation', 'epoch_loss')).toEqual([1, 2, 3].map((number) => [number - 1, 1.5 / number]));
    expect(of('validation', 'epoch_top_5')).toEqual([0, 1, 2].map((step) => [step, 0.5]));
  },
);

const noTensorBoard = lacks('tensorboard');
if (noTensorBoard) console.log(`Event files are not read back by TensorBoard: ${noTensorBoard}.`);

test.skipIf(noTensorBoard)(
  `TensorBoard shows the runs, their tags and their steps${noTensorBoard ? ` (skipped: ${noTensorBoard})` : ''}`,
  async () => {
    const shown = ask<Record<string, Record<string, [number, number][]>>>(withTensorBoard, await writtenLog());
    expect(Object.keys(shown).sort()).toEqual(['train', 'validation']);
    expect(shown['train']?.['epoch_accuracy']).toEqual([1, 2, 3].map((n) => [n - 1, Math.fround(1 - 1 / (n + 1))]));
    // It keeps a sample of the many batches, their last among them.
    expect(shown['train']?.['batch_loss']?.at(-1)).toEqual([600, Math.fround(1 / 600)]);
    expect(shown['validation']?.['epoch_loss']).toEqual([1, 2, 3].map((n) => [n - 1, 1.5 / n]));
  },
);
