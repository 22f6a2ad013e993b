import { split } from '#contract/data.ts';
import type { Split } from '#contract/data.ts';
import type { EvaluationReport } from '#contract/evaluation.ts';
import { Option } from 'commander';
import { duration, figure, percent, table, whole } from '../output.ts';
import { acts, integer, verb, type Verb } from '../options.ts';
import { engineWithRun } from '../run-reference.ts';
import { dataSetFrom } from '../source.ts';
import type { CommonOptions } from '../task.ts';

interface Options extends CommonOptions {
  readonly model: string;
  readonly data?: string[];
  readonly split: Split;
  readonly limit?: number;
}

export const evaluateVerb: Verb = (surroundings, ended) => {
  const command = verb('evaluate', 'Measure a trained run: loss, accuracy, per class, confusion, worst errors.')
    .requiredOption('--model <run>', 'a run of the project (see `runs`) or the folder of one')
    .option('--data <source...>', '`mnist`, IDX files or a folder (default: what it was trained on)')
    .addOption(new Option('--split <name>', 'which images').choices(split.options).default('test'))
    .option('--limit <count>', 'only the first images', integer(1));
  return acts<Options>(command, surroundings, ended, async (task, options) => {
    const { engine, run } = await engineWithRun(task, options.model);
    const dataset = options.data ? (await dataSetFrom(engine, options.data)).id : undefined;
    const which = {
      run,
      split: options.split,
      ...(dataset === undefined ? {} : { dataset }),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    };
    const stream = await engine.evaluation.measure(which, { signal: task.signal });
    for (let step = await stream.next(); ; step = await stream.next()) {
      if (step.done) return { value: evaluation(step.value), text: () => describe(step.value) };
      const { done, total, secondsLeft } = step.value;
      task.event({ kind: 'progress', done, total, secondsLeft });
      const left = secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`;
      task.progress.now(`${whole(done)} of ${whole(total)} images${left}`);
    }
  });
};

/** The report as the command line gives it; absent where a figure has no meaning (top-5 of fewer than six classes). */
export function evaluation(report: EvaluationReport) {
  const { count, loss, accuracy, top5, perClass, macro, weighted, confusion, mostIncorrect } = report;
  return {
    count,
    loss,
    accuracy,
    ...(top5 === undefined ? {} : { top5 }),
    perClass,
    macro,
    weighted,
    confusion,
    mostIncorrect,
  };
}

function describe(report: EvaluationReport): string {
  const row = (name: string, { precision, recall, f1 }: EvaluationReport['macro'], support: number) => [
    name,
    percent(precision),
    percent(recall),
    percent(f1),
    support,
  ];
  const rows = report.perClass.map((one) => row(one.class, one, one.support));
  const means = [row('macro', report.macro, report.count), row('weighted', report.weighted, report.count)];
  const top5 = report.top5 === undefined ? '' : `, top-5 ${percent(report.top5)} %`;
  return [
    `${whole(report.count)} images: loss ${figure(report.loss)}, accuracy ${percent(report.accuracy)} %${top5}`,
    table(['class', 'precision %', 'recall %', 'F1 %', 'support'], [...rows, ...means]),
  ].join('\n');
}
