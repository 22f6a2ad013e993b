import path from 'node:path';
import { Option } from 'commander';
import { sourceHelp, withImportOptions, type ImportTexts } from '../../import-options.ts';
import { acts, integer, verb, type Verb } from '../../options.ts';
import { whole } from '../../output.ts';
import { resultOf } from '../../result-of.ts';
import { withScratch } from '../../scratch.ts';
import { dataSetFrom, leftOf } from '../../source.ts';
import type { CommonOptions } from '../../task.ts';

interface Options extends CommonOptions, ImportTexts {
  readonly to: 'text' | 'folder';
  readonly train?: number;
  readonly test?: number;
  readonly out: string;
}

export const exportVerb: Verb = (surroundings, ended) => {
  const command = verb('export', 'Write images as text, `label ** p0 p1 …` a line, or as PNG files by split and class.')
    .argument('<source...>', sourceHelp)
    .addOption(new Option('--to <format>', 'what is written').choices(['text', 'folder']).makeOptionMandatory())
    .option('--train <count>', 'only the first training images (0: none)', integer(0))
    .option('--test <count>', 'only the first test images (0: none)', integer(0))
    .requiredOption('--out <folder>', 'where; for PNG files a new or empty folder');
  return acts<Options>(withImportOptions(command), surroundings, ended, async (task, options, sources) => {
    const { engine } = await withScratch(task);
    const { id } = await dataSetFrom(task, engine, sources, options);
    const { to, train, test } = options;
    const wanted = { to, ...(train !== undefined && { train }), ...(test !== undefined && { test }) };
    const folder = path.resolve(options.out);
    const stream = await engine.data.export({ dataset: id, folder, ...wanted }, { signal: task.signal });
    const value = await resultOf(stream, (progress) => {
      task.event({ kind: 'progress', ...progress });
      task.progress.now(`${whole(progress.done)} of ${whole(progress.total)} images written${leftOf(progress)}`);
    });
    return { value, text: () => value.files.join('\n') };
  });
};
