import { AppError } from '#contract/failures.ts';
import { addonPackageFolder } from '../places.ts';
import { lastWords, runProgram } from './child.ts';
import type { Work } from './work.ts';

/** Loads an addon, multiplies two matrices on it and prints TensorFlow's version. Runs in a process of its own. */
const program = `
const { createRequire } = require('node:module');
const [addon, folder] = process.argv.slice(1);
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value == null;
util.isArray ??= Array.isArray;
const load = createRequire(folder + '/package.json');
const tf = load('@tensorflow/tfjs');
const { NodeJSKernelBackend } = load('./dist/nodejs_kernel_backend');
load('./dist/register_all_kernels');
const binding = require(addon);
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, 'probe'));
tf.setBackend('tensorflow').then(() => {
  const [value] = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync();
  if (value !== 64) throw new Error('64 ones and 64 ones gave ' + value);
  console.log(binding.TF_Version);
});`;

/**
 * Electron's own program cannot be a plain Node in a package (its fuse is off): a package carries a Node, which the shell
 * names in `HEATLENS_NODE`.
 */
export function plainNode(env: NodeJS.ProcessEnv = process.env, versions: NodeJS.ProcessVersions = process.versions) {
  return (versions['electron'] && env['HEATLENS_NODE']) || process.execPath;
}

/**
 * Tries an addon where a crash (a wrong processor, a missing library) harms nobody. Returns TensorFlow's version;
 * `expected` is the one that a failure names.
 * Fails: `provision/old-processor` after an illegal instruction, `provision/load-failed`.
 */
export async function probeAddon(addon: string, work: Work, expected = ''): Promise<string> {
  work.begin('probe', 'Trying it');
  const ended = await runProgram(plainNode(), ['-e', program, addon, addonPackageFolder()], {
    signal: work.signal,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ELECTRON_RUN_AS_NODE: '1' },
  });
  const version = ended.stdout.trim();
  if (ended.code === 0 && version) return version;
  if (ended.signal === 'SIGILL') {
    throw new AppError('provision/old-processor', `The addon at ${addon} ended with an illegal instruction.`, {});
  }
  const reason = ended.signal ? `it ended with ${ended.signal}` : lastWords(ended.stderr, 1);
  const message = `The addon at ${addon} does not work: ${reason}`;
  throw new AppError('provision/load-failed', message, { version: expected, reason });
}
