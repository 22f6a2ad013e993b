import { Option } from 'commander';
import path from 'node:path';
import type { PixelTreatment } from '#contract/models.ts';
import { AppError, toFailure } from '#contract/failures.ts';
import type { PicturePrediction } from '#contract/prediction.ts';
import { percent } from '../output.ts';
import { acts, integer, real, verb, type Verb } from '../options.ts';
import { picturesIn } from '../pictures-in.ts';
import { engineWithModel } from '../run-reference.ts';
import type { CommonOptions } from '../task.ts';

/** Comes with the app. */
const usualModel = 'efficientnet-lite0';

/** Names of pixel treatments as people write them. */
const treatments: Readonly<Record<string, PixelTreatment>> = {
  none: { kind: 'none' },
  '0..1': { kind: 'divide-255' },
  '-1..1': { kind: 'minus-one-to-one' },
  caffe: { kind: 'caffe' },
  torch: { kind: 'torch' },
};

interface Options extends CommonOptions {
  readonly model: string;
  readonly top: number;
  readonly threshold: number;
  readonly full?: boolean;
  readonly preprocess: string;
  readonly invert: 'auto' | 'no' | 'yes';
}

export const predictVerb: Verb = (surroundings, ended) => {
  const command = verb('predict', 'Classify pictures with any model: of the zoo, from a file, or a run.')
    .argument('<image...>', 'JPEG, PNG, WebP, GIF, TIFF or AVIF files, or folders of them')
    .option('--model <model>', 'a model of the zoo, a model file, a run (see `runs`) or the folder of one', usualModel)
    .option('--top <count>', 'classes to name', integer(1, 1000), 5)
    .option('--threshold <p>', 'leave out classes below this probability', real(0, 1), 0)
    .option('--full', 'all probabilities, and how the picture became the input')
    .addOption(
      new Option('--preprocess <how>', 'what is done to pixels first; model: what travels with the model')
        .choices(['model', ...Object.keys(treatments)])
        .default('model'),
    )
    .addOption(
      new Option('--invert <when>', 'dark on light into light on dark; auto: by the border')
        .choices(['auto', 'no', 'yes'])
        .default('auto'),
    );
  return acts<Options>(command, surroundings, ended, async (task, options, images) => {
    const files = await picturesIn(images);
    if (files.length === 0) {
      throw new AppError('photo/none', `There is no picture in ${images.join(', ')}.`, { file: images.join(', ') });
    }
    const { engine, model } = await engineWithModel(task, options.model);
    const { top, threshold, full = false, invert } = options;
    const pixels = treatments[options.preprocess];
    const ways = { invert, ...(pixels && { pixels }) };
    const value: (ReturnType<typeof predicted> | Unread)[] = [];
    for (const { file, named } of files) {
      const request = { model, picture: { path: path.resolve(file) }, top, threshold, ways };
      const asked = engine.prediction.picture(request, { signal: task.signal });
      // One that was named must be answered; one found in a folder is passed over with its reason.
      const given = named
        ? predicted(file, await asked, full)
        : await asked.then(
            (answer) => predicted(file, answer, full),
            (thrown: unknown) => unread(file, thrown),
          );
      task.event({ kind: 'prediction', ...given });
      task.progress.now(`${value.push(given)} of ${files.length} pictures`);
    }
    return { value, text: () => value.map(describe).join('\n') };
  });
};

interface Unread {
  readonly file: string;
  readonly top: readonly never[];
  readonly error: { readonly code: string; readonly message: string };
}

/** Fails with what says nothing of the picture: cancelled, the engine lost. */
function unread(file: string, thrown: unknown): Unread {
  const { code, message } = toFailure(thrown);
  if (!/^(image|file)\//.test(code)) throw thrown;
  return { file, top: [], error: { code, message } };
}

/** `id` is what the class is called where the network comes from (ImageNet's WordNet ids); others have their name alone. */
export function predicted(file: string, { top, softmax, milliseconds, place }: PicturePrediction, full: boolean) {
  return {
    file,
    top: top.map(({ index, id, label, probability }) => ({ index, id: id ?? label, label, probability })),
    ...(full && { softmax, resize: place.how }),
    milliseconds: milliseconds.whole,
  };
}

function describe(given: ReturnType<typeof predicted> | Unread): string {
  const { file, top } = given;
  if ('error' in given) return `${file}: ${given.error.message}`;
  const classes = top.map(({ label, probability }) => `${label} ${percent(probability)} %`);
  return `${file}: ${classes.join(', ') || 'nothing above the threshold'}`;
}
