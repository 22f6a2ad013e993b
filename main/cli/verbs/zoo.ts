import path from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { ZooEntry, ZooProgress } from '#contract/zoo.ts';
import { acts, verb, type Verb } from '../options.ts';
import { duration, figure, percent, table, whole } from '../output.ts';
import { resultOf } from '../result-of.ts';
import { withScratch } from '../scratch.ts';
import type { Task } from '../task.ts';

export const zooVerb: Verb = (surroundings, ended) => {
  // Else `--json` behind `fetch` would be this command's.
  const command = verb('zoo', 'List networks trained on ImageNet, get their weights, measure them on this machine.');
  command.enablePositionalOptions();
  for (const inner of [fetchVerb, installVerb, removeVerb, measureVerb]) command.addCommand(inner(surroundings, ended));
  return acts(command, surroundings, ended, async (task) => {
    const { engine } = await withScratch(task);
    const entries = await engine.zoo.list();
    return { value: entries.map(row), text: () => listed(entries) };
  });
};

const fetchVerb: Verb = (surroundings, ended) => {
  const command = verb('fetch', 'Get the weights of a model from Keras’ own place, checked; a stopped one goes on.');
  return acts(command.argument('<id>', 'as `zoo` lists it'), surroundings, ended, async (task, _options, [id = '']) => {
    const { engine } = await withScratch(task);
    const value = await resultOf(await engine.zoo.fetch({ id }, { signal: task.signal }), telling(task));
    return { value, text: () => `${value.name} is here: predict --model ${id}` };
  });
};

const installVerb: Verb = (surroundings, ended) => {
  const command = verb('install', 'Take the weights of a model from a file of Keras’ that is here.')
    .argument('<file>', 'an .h5 of weights')
    .argument('[id]', 'the model (default: told by what is in the file)');
  return acts(command, surroundings, ended, async (task, _options, [file = '', named]) => {
    const { engine } = await withScratch(task);
    const whole = path.resolve(file);
    const id = named ?? (await engine.zoo.recognise({ path: whole }, { signal: task.signal }))?.id;
    if (id === undefined) {
      const reason = 'they are those of no model of the zoo';
      throw new AppError('model/weights-differ', `${file}: ${reason}.`, { reason });
    }
    const value = await resultOf(await engine.zoo.install({ id, path: whole }, { signal: task.signal }), telling(task));
    return { value, text: () => `${value.name} is here: predict --model ${id}` };
  });
};

const removeVerb: Verb = (surroundings, ended) => {
  const command = verb('remove', 'Remove the fetched weights of a model.').argument('<id>', 'as `zoo` lists it');
  return acts(command, surroundings, ended, async (task, _options, [id = '']) => {
    const { engine } = await withScratch(task);
    const entry = await engine.zoo.remove({ id });
    const text = entry.here === 'inside' ? `${entry.name} comes with Heatlens and stays.` : `${entry.name} is removed.`;
    return { value: row(entry), text: () => text };
  });
};

const measureVerb: Verb = (surroundings, ended) => {
  const command = verb('measure', 'Milliseconds for an image on this machine, alone and among eight; kept.').argument(
    '[ids...]',
    'the models (default: all)',
  );
  return acts(command, surroundings, ended, async (task, _options, named) => {
    const { engine } = await withScratch(task);
    const ids = named.length > 0 ? named : (await engine.zoo.list()).map(({ id }) => id);
    const entries = await resultOf(await engine.zoo.measure({ ids }, { signal: task.signal }), telling(task));
    return { value: entries.map(row), text: () => listed(entries) };
  });
};

function telling(task: Task) {
  return (progress: ZooProgress) => {
    task.event({ kind: 'progress', ...progress });
    const { stage, done, total, secondsLeft } = progress;
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
    if (stage === 'downloading' && total !== null) {
      task.progress.now(`${figure(done / 1e6)} of ${figure(total / 1e6)} MB${left}`);
    } else if (stage === 'measuring' && total !== null) task.progress.now(`${done} of ${total} measured${left}`);
    else task.progress.now(stage === 'reading' ? 'reading the weights' : 'looking for room on the disk');
  };
}

function row({ id, name, megabytes, top1, top5, parameters, depth, here, milliseconds }: ZooEntry) {
  const facts = { id, name, megabytes, top1, top5, parameters, depth, here: here !== 'no' };
  return milliseconds ? { ...facts, milliseconds } : facts;
}

function listed(entries: readonly ZooEntry[]): string {
  const head = ['id', 'MB', 'top-1 %', 'top-5 %', 'parameters', 'depth', 'ms', 'ms of 8', 'here'];
  const rows = entries.map(({ id, megabytes, top1, top5, parameters, depth, milliseconds, here }) => [
    ...[id, megabytes.toFixed(1), share(top1), share(top5), whole(parameters), depth === null ? '–' : String(depth)],
    ...[milliseconds, milliseconds && { one: milliseconds.eight }].map((each) => each?.one.toFixed(1) ?? '–'),
    here === 'no' ? 'no' : 'yes',
  ]);
  return table(head, rows);
}

const share = (part: number | null) => (part === null ? '–' : percent(part));
