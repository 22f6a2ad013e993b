import { split } from '#contract/data.ts';
import type { Split } from '#contract/data.ts';
import type { Calibration, ConfusionMatrix, EvaluationReport } from '#contract/evaluation.ts';
import { Option } from 'commander';
import { duration, figure, percent, table, whole } from '../output.ts';
import { withImportOptions, type ImportTexts } from '../import-options.ts';
import { acts, integer, verb, type Verb } from '../options.ts';
import { engineWithModel, modelHelp } from '../run-reference.ts';
import { dataSetFor } from '../source.ts';
import type { CommonOptions } from '../task.ts';

interface Options extends CommonOptions, ImportTexts {
  readonly model: string;
  readonly data?: string[];
  readonly split: Split;
  readonly limit?: number;
}

export const evaluateVerb: Verb = (surroundings, ended) => {
  const command = verb('evaluate', 'Measure a model: loss, accuracy, per class, confusion, worst errors.')
    .requiredOption('--model <model>', modelHelp)
    .option('--data <source...>', 'images to open, as `data inspect` takes them (default: what a run was trained on)')
    .addOption(new Option('--split <name>', 'which images').choices(split.options).default('test'))
    .option('--limit <count>', 'only the first images', integer(1))
    .addHelpText('after', `\n${shape}`);
  return acts<Options>(withImportOptions(command), surroundings, ended, async (task, options) => {
    const { engine, model: run } = await engineWithModel(task, options.model);
    const dataset = options.data && (await dataSetFor(task, engine, run, options.data, options)).id;
    if (dataset === undefined) await engine.training.run({ run }); // only a run knows its images
    const which = {
      run,
      split: options.split,
      ...(dataset === undefined ? {} : { dataset }),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    };
    const stream = await engine.evaluation.measure(which, { signal: task.signal });
    for (let step = await stream.next(); ; step = await stream.next()) {
      if (step.done) {
        const report = step.value;
        const calibration = await engine.evaluation.calibration(which);
        return { value: evaluation(report, calibration), text: () => describe(report, calibration) };
      }
      const { done, total, secondsLeft } = step.value;
      task.event({ kind: 'progress', done, total, secondsLeft });
      const left = secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`;
      task.progress.now(`${whole(done)} of ${whole(total)} images${left}`);
    }
  });
};

const shape =
  'JSON: `confusion` has a row for each true class, a column for each predicted one; with more than 100 classes it is ' +
  '{classes, cells: [[true, predicted, count], …]}, without the empty cells.';

/** With more classes than this, the confusion matrix is given by its cells. */
const mostInFull = 100;

/** The report as the command line gives it; absent where a figure has no meaning (top-5 of fewer than six classes). */
function evaluation(report: EvaluationReport, calibration: Calibration | null) {
  const { count, loss, accuracy, top5, perClass, macro, weighted, confusion, mostIncorrect } = report;
  return {
    count,
    loss,
    accuracy,
    ...(top5 === undefined ? {} : { top5 }),
    perClass,
    macro,
    weighted,
    confusion: confusion.classes > mostInFull ? confusion : inFull(confusion),
    ...(calibration ? { calibration } : {}),
    mostIncorrect,
  };
}

/** Rows = true class, columns = predicted class. */
function inFull({ classes, cells }: ConfusionMatrix): number[][] {
  const rows = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [truth, predicted, count] of cells) rows[truth]?.splice(predicted, 1, count);
  return rows;
}

function describe(report: EvaluationReport, calibration: Calibration | null): string {
  const row = (name: string, { precision, recall, f1 }: EvaluationReport['macro'], support: number) => [
    name,
    percent(precision),
    percent(recall),
    percent(f1),
    support,
  ];
  // Of a thousand classes a small set has images of a few.
  const there = report.perClass.filter(
    ({ support, precision }) => report.perClass.length <= mostInFull || support + precision > 0,
  );
  const rows = there.map((one) => row(one.class, one, one.support));
  const means = [row('macro', report.macro, report.count), row('weighted', report.weighted, report.count)];
  const top5 = report.top5 === undefined ? '' : `, top-5 ${percent(report.top5)} %`;
  return [
    `${whole(report.count)} images: loss ${figure(report.loss)}, accuracy ${percent(report.accuracy)} %${top5}`,
    ...(calibration ? [calibrationLine(calibration)] : []),
    table(['class', 'precision %', 'recall %', 'F1 %', 'support'], [...rows, ...means]),
  ].join('\n');
}

function calibrationLine({ confidence, equalWidth, brier }: Calibration): string {
  const { expectedError, maximumError } = equalWidth;
  const errors = `expected error ${percent(expectedError)} %, largest ${percent(maximumError)} %`;
  return `calibration: mean confidence ${percent(confidence)} %, ${errors}, Brier score ${figure(brier)}`;
}
