import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A Python that has these modules, or why there is none. */
export function findPython(...modules: string[]): { python: string; reason: null } | { python: null; reason: string } {
  const python = process.env['HEATLENS_PYTHON'] ?? 'python3';
  const program = `import importlib.util as u, sys; sys.exit(not all(u.find_spec(each) for each in ${JSON.stringify(modules)}))`;
  if (spawnSync(python, ['-c', program]).status === 0) return { python, reason: null };
  return {
    python: null,
    reason: `${python} has not all of ${modules.join(', ')}; HEATLENS_PYTHON may name one that has`,
  };
}

export interface AskedGraph {
  readonly format: 'saved-model' | 'onnx' | 'tflite';
  readonly file: string;
  readonly images: Float32Array;
  /** [count, height, width, channel] */
  readonly shape: readonly number[];
}

/** What each answers, [count, class]; all in one process of Python. */
export function askGraphs(python: string, asked: readonly AskedGraph[]): Float32Array[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-ask-'));
  const at = (name: string) => path.join(folder, name);
  try {
    const jobs = asked.map(({ images, ...job }, place) => {
      writeFileSync(at(`${place}.images`), new Uint8Array(images.buffer, images.byteOffset, images.byteLength));
      return { ...job, images: at(`${place}.images`), out: at(`${place}.out`) };
    });
    writeFileSync(at('jobs.json'), JSON.stringify(jobs));
    const program = path.join(import.meta.dirname, '../parity/ask-graphs.py');
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' };
    const done = spawnSync(python, [program, at('jobs.json')], { encoding: 'utf8', env });
    if (done.status !== 0) throw new Error(`${program} ended with ${done.status}: ${done.stderr.slice(-3000)}`);
    return jobs.map(({ out }) => new Float32Array(new Uint8Array(readFileSync(out)).buffer));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
