import { Option } from 'commander';
import path from 'node:path';
import type { PicturePrediction } from '#contract/prediction.ts';
import { percent } from '../output.ts';
import { acts, integer, real, verb, type Verb } from '../options.ts';
import { engineWithModel } from '../run-reference.ts';
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
    const { engine, model } = await engineWithModel(task, options.model);
    const { top, threshold, full = false, invert } = options;
    const value: ReturnType<typeof predicted>[] = [];
    for (const image of images) {
      const picture = { path: path.resolve(image) };
      const request = { model, picture, top, threshold, ways: { invert } };
      const given = predicted(image, await engine.prediction.picture(request, { signal: task.signal }), full);
      task.event({ kind: 'prediction', ...given });
      task.progress.now(`${value.push(given)} of ${images.length} pictures`);
    }
    return { value, text: () => value.map(describe).join('\n') };
  });
};

/** `id` is what the class is called where the network comes from (ImageNet's WordNet ids); others have their name alone. */
export function predicted(file: string, { top, softmax, milliseconds, place }: PicturePrediction, full: boolean) {
  return {
    file,
    top: top.map(({ index, id, label, probability }) => ({ index, id: id ?? label, label, probability })),
    ...(full && { softmax, resize: place.how }),
    milliseconds: milliseconds.whole,
  };
}

function describe({ file, top }: ReturnType<typeof predicted>): string {
  const classes = top.map(({ label, probability }) => `${label} ${percent(probability)} %`);
  return `${file}: ${classes.join(', ') || 'nothing above the threshold'}`;
}
