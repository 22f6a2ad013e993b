import type { Engine } from '#contract/engine.ts';
import type { EpochRecord, RunProgress, RunSummary } from '#contract/training.ts';
import { duration, figure, percent, whole } from './output.ts';
import type { Task } from './task.ts';

/**
 * Shows a run until it has ended. On Ctrl-C the run is stopped after its batch, which keeps its weights and history,
 * and not waited for beyond that.
 *
 * @param alsoStop what else is to be stopped before, so that nothing begins when this run ends
 */
export async function follow(
  task: Task,
  engine: Engine,
  run: RunSummary,
  alsoStop = () => Promise.resolve(),
): Promise<void> {
  const { epochs } = run.settings;
  const stream = await engine.training.watch({ run: run.id });
  const stopNow = async () => {
    await alsoStop();
    await engine.training.stop({ run: run.id, when: 'now' });
  };
  const stop = () => void stopNow().catch(() => undefined); // an engine that is gone has stopped
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
        if (progress.features) {
          task.progress.now(featuresLine(progress.features));
          continue;
        }
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

function featuresLine({ done, total, secondsLeft }: NonNullable<RunProgress['features']>): string {
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  return `computing features ${whole(done)} of ${whole(total)}${left}`;
}

/** Figures of an epoch as the command line gives them; those that were not measured are absent. */
export function epochJson(record: EpochRecord): EpochFigures {
  const { epoch, loss, accuracy, valLoss, valAccuracy, metrics, valMetrics, outputs, valOutputs } = record;
  const measured = { valLoss, valAccuracy, metrics, valMetrics, outputs, valOutputs };
  const known = Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined));
  return { epoch, loss, accuracy, ...known, seconds: record.seconds, imagesPerSecond: record.imagesPerSecond };
}

type EpochFigures = Pick<EpochRecord, 'epoch' | 'loss' | 'accuracy' | 'seconds' | 'imagesPerSecond'> &
  Partial<Pick<EpochRecord, 'valLoss' | 'valAccuracy' | 'metrics' | 'valMetrics' | 'outputs' | 'valOutputs'>>;

export function epochLine(record: EpochFigures, epochs: number): string {
  const { epoch, loss, accuracy, valLoss, valAccuracy, metrics = {}, seconds, imagesPerSecond } = record;
  const validation =
    valLoss === undefined || valAccuracy === undefined
      ? []
      : [`validation loss ${figure(valLoss)}`, `validation accuracy ${percent(valAccuracy)} %`];
  return [
    `epoch ${epoch}/${epochs}`,
    `loss ${figure(loss)}`,
    `accuracy ${percent(accuracy)} %`,
    ...Object.entries(metrics).map(([name, value]) => `${name} ${figure(value)}`),
    ...validation,
    `${whole(imagesPerSecond)} img/s`,
    duration(seconds),
  ].join(' · ');
}
