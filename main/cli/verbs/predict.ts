import { Option } from 'commander';
import path from 'node:path';
import type { FilePrediction } from '#contract/prediction.ts';
import { percent } from '../output.ts';
import { acts, integer, real, verb, type Verb } from '../options.ts';
import { engineWithRun } from '../run-reference.ts';
import type { CommonOptions } from '../task.ts';

interface Options extends CommonOptions {
  readonly model: string;
  readonly top: number;
  readonly threshold: number;
  readonly full?: boolean;
  readonly invert: 'auto' | 'no' | 'yes';
}

export const predictVerb: Verb = (surroundings, ended) => {
  const command = verb('predict', 'Classify picture files with a trained run.')
    .argument('<image...>', 'JPEG, PNG, WebP, GIF, TIFF or AVIF files')
    .requiredOption('--model <run>', 'a run of the project (see `runs`) or the folder of one')
    .option('--top <count>', 'classes to name', integer(1, 1000), 5)
    .option('--threshold <p>', 'leave out classes below this probability', real(0, 1), 0)
    .option('--full', 'all probabilities, and how the picture became the input')
    .addOption(
      new Option('--invert <when>', 'dark on light into light on dark; auto: by the border')
        .choices(['auto', 'no', 'yes'])
        .default('auto'),
    );
  return acts<Options>(command, surroundings, ended, async (task, options, images) => {
    const { engine, run } = await engineWithRun(task, options.model);
    const { top, threshold, full = false, invert } = options;
    const value: ReturnType<typeof predicted>[] = [];
    for (const image of images) {
      const request = { run, paths: [path.resolve(image)], top, threshold, full, invert };
      const predictions = await engine.prediction.files(request, { signal: task.signal });
      for (const prediction of predictions) {
        const given = predicted({ ...prediction, file: image });
        task.event({ kind: 'prediction', ...given });
        task.progress.now(`${value.push(given)} of ${images.length} pictures`);
      }
    }
    return { value, text: () => value.map(describe).join('\n') };
  });
};

/** `id` is what the class is called where the network comes from (ImageNet's WordNet ids); our runs know one name. */
export function predicted({ file, top, softmax, milliseconds, resize }: FilePrediction) {
  return {
    file,
    top: top.map(({ index, label, probability }) => ({ index, id: label, label, probability })),
    ...(softmax ? { softmax } : {}),
    milliseconds,
    ...(resize === undefined ? {} : { resize }),
  };
}

function describe({ file, top }: ReturnType<typeof predicted>): string {
  const classes = top.map(({ label, probability }) => `${label} ${percent(probability)} %`);
  return `${file}: ${classes.join(', ') || 'nothing above the threshold'}`;
}
