import { createRequire } from 'node:module';
import path from 'node:path';
import { wasmFolder } from './places.ts';
import { tf } from './tensors.ts';

const require = createRequire(import.meta.url);

/**
 * WebAssembly for prediction. It has no gradient kernels for convolutions, and its max-pool gradient is silently wrong,
 * so nothing may be differentiated on it. Returns false where WebAssembly does not start.
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
