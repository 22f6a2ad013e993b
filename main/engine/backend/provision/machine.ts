import { AppError } from '#contract/failures.ts';
import { processorFeatures } from '../device.ts';

/** What the two sources call this kind of machine; undefined where a source has nothing for it. */
export interface Machine {
  /** pip's platform tag of the TensorFlow wheel, and the package that has it. */
  readonly wheel?: { readonly platform: string; readonly package: string };
  /** Middle of the official file name: `libtensorflow-<cpu|gpu>-<official>-2.9.1`. */
  readonly official?: string;
  readonly library: 'so' | 'dylib' | 'dll';
}

const machines: Readonly<Record<string, Machine>> = {
  'linux-x64': {
    wheel: { platform: 'manylinux_2_27_x86_64', package: 'tensorflow-cpu' },
    official: 'linux-x86_64',
    library: 'so',
  },
  'linux-arm64': { wheel: { platform: 'manylinux_2_27_aarch64', package: 'tensorflow' }, library: 'so' },
  'darwin-arm64': { wheel: { platform: 'macosx_12_0_arm64', package: 'tensorflow' }, library: 'dylib' },
  'darwin-x64': { official: 'darwin-x86_64', library: 'dylib' },
  'win32-x64': { official: 'windows-x86_64', library: 'dll' },
};

/** Fails: `provision/unsupported-machine`, `provision/old-processor`. */
export async function describeMachine(
  name: string,
  features: () => Promise<ReadonlySet<string> | undefined> = processorFeatures,
): Promise<Machine> {
  const machine = machines[name];
  if (!machine) {
    const known = Object.keys(machines).join(', ');
    throw new AppError('provision/unsupported-machine', `There is no TensorFlow for ${name}; there is for ${known}.`, {
      machine: name,
    });
  }
  const found = name.endsWith('x64') ? await features() : undefined;
  if (found && !found.has('avx')) {
    throw new AppError('provision/old-processor', 'TensorFlow needs AVX instructions; this processor has none.', {});
  }
  return machine;
}
