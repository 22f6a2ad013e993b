import type { Engine } from '#contract/engine.ts';
import type { EpochRecord, RunSummary } from '#contract/training.ts';
import { duration, figure, percent, whole } from './output.ts';
import type { Task } from './task.ts';

/**
 * Shows a run until it has ended. On Ctrl-C the run is stopped after its batch, which keeps its weights and history,
 * and not waited for beyond that.
 */
export async function follow(task: Task, engine: Engine, run: RunSummary): Promise<void> {
  const { epochs } = run.settings;
  const stream = await engine.training.watch({ run: run.id });
  const stop = () => void engine.training.stop({ run: run.id, when: 'now' }).catch(() => undefined);
  task.signal.addEventListener('abort', stop);
  if (task.signal.aborted) stop();
  try {
    for await (const event of stream) {
      if (event.kind === 'epoch') {
        task.event({ kind: 'epoch', ...epochJson(event.record) });
        task.progress.line(epochLine(event.record, epochs));
      } else if (event.kind === 'batches') {
        const { progress, batches } = event;
        task.event({ kind: 'progress', ...progress });
        const left = progress.secondsLeft === null ? '' : ` · ${duration(progress.secondsLeft)} left`;
        const loss = figure(batches.at(-1)?.loss ?? 0);
        const at = `epoch ${progress.epoch}/${progress.epochs} · batch ${progress.batch}/${progress.batches}`;
        task.progress.now(`${at} · loss ${loss} · ${whole(progress.imagesPerSecond)} img/s${left}`);
      } else if (event.run.state === 'testing') {
        if (task.signal.aborted) return;
        task.progress.now('measuring the test images');
      }
    }
  } finally {
    task.signal.removeEventListener('abort', stop);
  }
}

export function epochJson({
  epoch,
  loss,
  accuracy,
  valLoss,
  valAccuracy,
  seconds,
  imagesPerSecond,
}: EpochRecord): EpochFigures {
  const validation = {
    ...(valLoss === undefined ? {} : { valLoss }),
    ...(valAccuracy === undefined ? {} : { valAccuracy }),
  };
  return { epoch, loss, accuracy, ...validation, seconds, imagesPerSecond };
}

type EpochFigures = Pick<EpochRecord, 'epoch' | 'loss' | 'accuracy' | 'seconds' | 'imagesPerSecond'> &
  Partial<Pick<EpochRecord, 'valLoss' | 'valAccuracy'>>;

export function epochLine(record: EpochFigures, epochs: number): string {
  const { epoch, loss, accuracy, valLoss, valAccuracy, seconds, imagesPerSecond } = record;
  const validation =
    valLoss === undefined || valAccuracy === undefined
      ? []
      : [`validation loss ${figure(valLoss)}`, `validation accuracy ${percent(valAccuracy)} %`];
  return [
    `epoch ${epoch}/${epochs}`,
    `loss ${figure(loss)}`,
    `accuracy ${percent(accuracy)} %`,
    ...validation,
    `${whole(imagesPerSecond)} img/s`,
    duration(seconds),
  ].join(' · ');
}
