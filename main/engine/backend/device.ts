import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { tf } from './tensors.ts';

const driverFolder = '/proc/driver/nvidia/gpus';

/** The NVIDIA GPUs that a driver serves; empty where there is none or on a system where we cannot tell. */
export async function nvidiaDevices(folder = driverFolder): Promise<string[]> {
  const cards = await readdir(folder).catch(() => []);
  const names = await Promise.all(
    cards.map(async (card) => {
      const text = await readFile(path.join(folder, card, 'information'), 'utf8').catch(() => '');
      return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? 'NVIDIA GPU';
    }),
  );
  return names;
}

export function processorName(): string {
  return os.cpus()[0]?.model.trim() || os.arch();
}

/** `avx` and its kin from /proc/cpuinfo; undefined where the system does not tell. */
export async function processorFeatures(file = '/proc/cpuinfo'): Promise<ReadonlySet<string> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const flags = /^flags\s*:\s*(.*)$/m.exec(text)?.[1];
  return flags === undefined ? undefined : new Set(flags.split(' '));
}

/** Milliseconds of a 1024 × 1024 matrix product on the current backend, after one to warm up; throws if it is wrong. */
export function timeMatmul(size = 1024): number {
  return tf.tidy(() => {
    const ones = tf.ones([size, size]);
    const run = (): number => (ones.matMul(ones).slice([0, 0], [1, 1]).dataSync()[0] ?? NaN) / size;
    run();
    const start = performance.now();
    const value = run();
    if (value !== 1) throw new Error(`A matrix product gave ${value * size} where ${size} is right.`);
    return performance.now() - start;
  });
}
