import type { Engine } from '#contract/engine.ts';
import type { EngineStatus } from '#contract/engine-status.ts';
import { duration } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';
import { withScratch } from '../scratch.ts';
import type { CommonOptions, Task } from '../task.ts';

interface Options extends CommonOptions {
  readonly provision?: boolean;
}

export const engineVerb: Verb = (surroundings, ended) => {
  const command = verb('engine', 'Say what computes, on which device, and why not better.').option(
    '--provision',
    'first get TensorFlow into the per-user cache',
  );
  return acts<Options>(command, surroundings, ended, async (task, options) => {
    if (options.provision) {
      await provision(task, (await withScratch(task)).engine);
      await task.finish(); // only an engine started afterwards takes the new TensorFlow
    }
    const { engine } = await withScratch(task);
    const { backend, version, device, memory, compiled, notes, trains } = await engine.engine.status();
    const value = { backend, version, device, memory, compiled, trains, notes };
    return { value, text: () => describe(value) };
  });
};

async function provision(task: Task, engine: Engine): Promise<void> {
  const stream = await engine.engine.provision(undefined, { signal: task.signal });
  let stage = '';
  for await (const progress of stream) {
    task.event({ kind: 'provision', ...progress });
    const { done, total, secondsLeft } = progress;
    const part = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : '';
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
    if (progress.message !== stage) task.progress.line((stage = progress.message));
    task.progress.now(`${progress.message}${part}${left}`);
  }
}

function describe(
  status: Pick<EngineStatus, 'backend' | 'version' | 'device' | 'memory' | 'compiled' | 'notes'>,
): string {
  const name = {
    tensorflow: 'TensorFlow',
    wasm: 'TensorFlow.js on WebAssembly',
    cpu: 'TensorFlow.js in plain JavaScript',
  };
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return [
    `${name[status.backend]} ${status.version} on ${status.device.name} (${status.device.kind === 'cuda' ? 'GPU' : 'CPU'})`,
    `steps ${status.compiled ? 'compiled' : 'not compiled'}; the engine uses ${gigabytes(status.memory.resident)} of ${gigabytes(status.memory.total)}`,
    ...status.notes.map((note) => `- ${note.message}`),
  ].join('\n');
}
