import { createRequire } from 'node:module';
import path from 'node:path';
import { wasmFolder } from './places.ts';
import { tf } from './tensors.ts';

const require = createRequire(import.meta.url);

/**
 * WebAssembly for prediction. It has no gradient kernels for convolutions, and its max-pool gradient is silently wrong,
 * so nothing may be differentiated on it (see `differentiating`). Returns false where WebAssembly does not start.
 */
export async function loadWasm(): Promise<boolean> {
  try {
    const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(wasmFolder() + path.sep);
    return await tf.setBackend('wasm');
  } catch {
    return false;
  }
}

/** tfjs in plain JavaScript: right, and slow; trains networks of dense layers. */
export async function loadPlain(): Promise<void> {
  if (!(await tf.setBackend('cpu'))) throw new Error('The plain JavaScript backend of TensorFlow.js did not start.');
}

/**
 * Runs something that differentiates: on WebAssembly in plain JavaScript, elsewhere as it is. Tensors move between the two
 * by themselves.
 */
export function differentiating<T>(work: () => T): T {
  if (tf.getBackend() !== 'wasm') return work();
  void tf.setBackend('cpu'); // at once: both are there
  try {
    return work();
  } finally {
    void tf.setBackend('wasm');
  }
}
