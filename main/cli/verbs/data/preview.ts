import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Option } from 'commander';
import type { Augmentation } from '#contract/augmentation.ts';
import { split as splitName, type Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { augmentedUrl } from '#contract/pictures.ts';
import { sourceHelp, withImportOptions, type ImportTexts } from '../../import-options.ts';
import { acts, integer, verb, type Verb } from '../../options.ts';
import { withScratch } from '../../scratch.ts';
import { augmentationText } from '../../setting-texts.ts';
import { dataSetFrom } from '../../source.ts';
import type { CommonOptions } from '../../task.ts';

interface Options extends CommonOptions, ImportTexts {
  readonly augment: Augmentation;
  readonly count: number;
  readonly passes: number;
  readonly seed: number;
  readonly split: Split;
  readonly extreme?: boolean;
  readonly out: string;
}

export const previewVerb: Verb = (surroundings, ended) => {
  const command = verb(
    'preview',
    'Draw what an augmentation makes of images: a row for each, as it is and in each pass.',
  )
    .argument('<source...>', sourceHelp)
    .requiredOption('--augment <json>', 'the augmentation, as JSON or a file of it', augmentationText)
    .option('--count <images>', 'the first images of the split', integer(1, 16), 8)
    .option('--passes <count>', 'passes over them', integer(1, 16), 8)
    .option('--seed <number>', 'of what is drawn', integer(0, 2 ** 31 - 1), 1)
    .addOption(new Option('--split <name>', 'which images').choices(splitName.options).default('train'))
    .option('--extreme', 'every draw at an end of its range')
    .requiredOption('--out <png>', 'the picture');
  return acts<Options>(withImportOptions(command), surroundings, ended, async (task, options, sources) => {
    const { engine, picture } = await withScratch(task);
    const { id, hash, splits } = await dataSetFrom(task, engine, sources, options);
    const { split, passes, seed, extreme, augment: augmentation } = options;
    const count = Math.min(options.count, splits[split] ?? 0);
    if (count === 0)
      throw new AppError('data/unknown-image', `There is no image in ${split}.`, { dataset: id, index: 0, count });
    const indices = Array.from({ length: count }, (_, index) => index);
    const sheet = { dataset: id, split, indices, passes, seed, ...(extreme && { extreme }), augmentation };
    const png = await picture(augmentedUrl(sheet, hash));
    const file = path.resolve(options.out);
    await writeFile(file, png).catch((thrown: NodeJS.ErrnoException) => {
      const reason = thrown.code ?? thrown.message;
      throw new AppError('file/not-writable', `${file} cannot be written: ${reason}.`, { file, reason }, thrown);
    });
    return { value: { file }, text: () => file };
  });
};
