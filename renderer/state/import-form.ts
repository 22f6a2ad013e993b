import type { ImageForm, ImportLook, ImportOptions, Split, Splitting } from '#contract/data.ts';

/** What a person sets before an import. Kept whole while they switch between ways, so that nothing typed is lost. */
export interface ImportForm {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly fit: ImageForm['fit'];
  readonly splitting: SplittingForm;
  readonly labels: 'fine' | 'coarse';
}

export interface SplittingForm {
  readonly by: Splitting['by'];
  /** Per cent. */
  readonly validationShare: number;
  readonly testShare: number;
  readonly validationCount: number;
  readonly testCount: number;
  /** Null = all the others. */
  readonly trainCount: number | null;
  readonly seed: number;
}

export function splittingForm(now: Splitting | undefined, images: number): SplittingForm {
  const tenth = Math.floor(images / 10);
  const plain: SplittingForm = {
    by: now?.by ?? 'given',
    validationShare: 0,
    testShare: 20,
    validationCount: 0,
    testCount: tenth,
    trainCount: null,
    seed: 1,
  };
  if (now?.by === 'fraction') {
    const { validation, test, seed } = now;
    return { ...plain, validationShare: perCent(validation), testShare: perCent(test), seed };
  }
  if (now?.by === 'count') {
    const { validation, test, train, seed } = now;
    return { ...plain, validationCount: validation, testCount: test, trainCount: train ?? null, seed };
  }
  return plain;
}

export function splittingOf(form: SplittingForm): Splitting {
  const { by, seed, trainCount } = form;
  if (by === 'given') return { by };
  if (by === 'fraction') return { by, validation: form.validationShare / 100, test: form.testShare / 100, seed };
  const counts = { validation: form.validationCount, test: form.testCount };
  return { by, ...counts, ...(trainCount === null ? {} : { train: trainCount }), seed };
}

/** @param wanted what a person is about to train takes */
export function importForm(look: ImportLook, wanted: Partial<ImageForm> = {}): ImportForm {
  const { form, splitting, labels } = look.suggested;
  const { height = 224, width = 224, channels = 3, fit = 'crop' } = { ...form, ...wanted };
  return {
    ...{ height, width, channels, fit },
    splitting: splittingForm(splitting, look.images),
    labels: labels ?? 'fine',
  };
}

/** Whether a form can be chosen: other kinds have their own. */
export const hasForm = ({ kind }: Pick<ImportLook, 'kind'>) => kind === 'folder' || kind === 'archive';

export function optionsOf(look: ImportLook, { splitting, labels, ...form }: ImportForm): ImportOptions {
  return {
    ...(hasForm(look) ? { form } : {}),
    splitting: splittingOf(splitting),
    ...(look.kind === 'cifar100' ? { labels } : {}),
  };
}

/** Nothing to choose: files that come in one size, and splits that can be drawn later as well. */
export function plain(look: ImportLook): boolean {
  return !hasForm(look) && look.kind !== 'cifar100' && (look.splits.train ?? 0) > 0 && look.rows.length === 0;
}

/** Bytes of the prepared pixels in this form. */
export function preparedBytes({ images }: ImportLook, { height, width, channels }: ImportForm): number {
  return images * height * width * channels;
}

export type Shares = Readonly<Record<Split | 'rest', number>>;

/** How many images each part gets, up to rounding within the classes; `rest` is in none. */
export function sharesOf(splitting: Splitting, given: Partial<Record<Split, number>>): Shares {
  const { train = 0, validation = 0, test = 0 } = given;
  const all = train + validation + test;
  if (splitting.by === 'given') return { train, validation, test, rest: 0 };
  if (splitting.by === 'fraction') {
    const parts = { validation: Math.round(all * splitting.validation), test: Math.round(all * splitting.test) };
    return { train: Math.max(0, all - parts.validation - parts.test), ...parts, rest: 0 };
  }
  const others = Math.max(0, all - splitting.validation - splitting.test);
  const training = Math.min(splitting.train ?? others, others);
  return { train: training, validation: splitting.validation, test: splitting.test, rest: others - training };
}

/** What is wrong with a splitting: the key of a sentence, or null. */
export function splittingProblem(splitting: Splitting, given: Partial<Record<Split, number>>): string | null {
  const all = Object.values(given).reduce((sum, n) => sum + n, 0);
  if (splitting.by === 'fraction') return splitting.validation + splitting.test < 1 ? null : 'shares';
  if (splitting.by === 'given') return (given.train ?? 0) > 0 ? null : 'noTraining';
  const asked = splitting.validation + splitting.test + (splitting.train ?? 1);
  return asked <= all ? null : 'counts';
}

const perCent = (share: number) => Math.round(share * 1000) / 10;
