import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  fitRule,
  splitting,
  type FitRule,
  type ImageForm,
  type ImportOptions,
  type Splitting,
} from '#contract/data.ts';
import type { Engine } from '#contract/engine.ts';
import { integer } from './options.ts';
import { checked, namedValues, number, type NamedValues } from './named-values.ts';

/** How files that are opened become a data set; what is left out, the engine suggests. */
export interface ImportTexts {
  readonly size?: Pick<ImageForm, 'height' | 'width'>;
  readonly channels?: ImageForm['channels'];
  readonly fit?: FitRule;
  readonly splitting?: Splitting;
  readonly labels?: NonNullable<ImportOptions['labels']>;
}

export const sourceHelp =
  '`mnist`, `fashion-mnist`, `cifar10`, `cifar100`, a folder of class folders, a zip of one, IDX, CIFAR or text files';

export function withImportOptions(command: Command): Command {
  return command
    .option('--size <pixels>', 'bring photos to this size: 32, or HEIGHTxWIDTH', size)
    .addOption(
      new Option('--channels <count>', 'photos as grey (1) or RGB (3)').argParser((text) =>
        integer(1, 3)(text) === 2 ? refuse('Expected 1 or 3.') : Number(text),
      ),
    )
    .addOption(new Option('--fit <how>', 'how photos come to the size').choices(fitRule.options))
    .option(
      '--splitting <how>',
      'given, fraction:test=0.2,validation=0,seed=1 or count:test=100,validation=0,seed=1',
      splittingText,
    )
    .addOption(new Option('--labels <which>', 'of CIFAR-100').choices(['fine', 'coarse']));
}

/** What the engine is told; absent where nothing was said. Fails as `look` does. */
export async function importOptionsFrom(
  texts: ImportTexts,
  engine: Engine,
  paths: string[],
): Promise<ImportOptions | undefined> {
  const { size: sides, channels, fit, splitting: drawn, labels } = texts;
  const options: ImportOptions = { ...(drawn && { splitting: drawn }), ...(labels && { labels }) };
  if (sides || channels || fit) {
    const { suggested } = await engine.data.look({ paths });
    const usual = suggested.form ?? { height: 32, width: 32, channels: 3, fit: 'crop' };
    options.form = { ...usual, ...sides, ...(channels && { channels }), ...(fit && { fit }) };
  }
  return Object.keys(options).length > 0 ? options : undefined;
}

function size(text: string): Pick<ImageForm, 'height' | 'width'> {
  const [, first = '', second = first] = /^(\d{1,4})(?:[x×](\d{1,4}))?$/i.exec(text) ?? [];
  const [height, width] = [Number(first), Number(second)];
  const fits = [height, width].every((side) => side >= 1 && side <= 2048);
  return fits ? { height, width } : refuse(`Expected 32 or 32x48, sides from 1 to 2048; received "${text}".`);
}

const usual: NamedValues = {
  validation: { field: 'validation', read: number, otherwise: 0 },
  seed: { field: 'seed', read: number, otherwise: 1 },
};
const ways: Readonly<Record<string, NamedValues>> = {
  given: {},
  fraction: { ...usual, test: { field: 'test', read: number, otherwise: 0.2 } },
  count: {
    ...usual,
    test: { field: 'test', read: number },
    train: { field: 'train', read: number, otherwise: null },
  },
};

function splittingText(text: string): Splitting {
  const [by = '', ...rest] = text.split(':');
  const known = Object.hasOwn(ways, by) ? ways[by] : undefined;
  if (!known) return refuse(`Expected one of ${Object.keys(ways).join(', ')}; received "${by}".`);
  const given = Object.entries(namedValues(rest.join(':'), known)).filter(([, value]) => value !== null);
  return checked(splitting, { by, ...Object.fromEntries(given) }, known);
}

function refuse(sentence: string): never {
  throw new InvalidArgumentError(sentence);
}
