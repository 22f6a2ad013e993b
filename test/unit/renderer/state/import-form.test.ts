import { describe, expect, test } from 'vitest';
import type { ImportLook, Splitting } from '#contract/data.ts';
import {
  importForm,
  optionsOf,
  plain,
  preparedBytes,
  sharesOf,
  splittingForm,
  splittingOf,
  splittingProblem,
} from '#state/import-form.ts';

const folder: ImportLook = {
  kind: 'folder',
  name: 'pets',
  images: 100,
  classes: [],
  classCount: 2,
  splits: { train: 100 },
  bytes: 1,
  suggested: {
    form: { height: 32, width: 48, channels: 3, fit: 'pad' },
    splitting: { by: 'fraction', validation: 0.1, test: 0.2, seed: 5 },
  },
  rows: [],
};

test('what is suggested comes back when nothing is changed', () => {
  expect(optionsOf(folder, importForm(folder))).toEqual(folder.suggested);
});

test('files of one form are not given another, CIFAR-100 its labels', () => {
  const cifar: ImportLook = { ...folder, kind: 'cifar100', suggested: { labels: 'coarse' } };
  expect(optionsOf(cifar, importForm(cifar))).toEqual({ splitting: { by: 'given' }, labels: 'coarse' });
});

test('prepared pixels take a byte for each channel of each pixel', () => {
  expect(preparedBytes(folder, { ...importForm(folder), channels: 1 })).toBe(100 * 32 * 48);
});

describe('a person is asked', () => {
  test.each<[string, Partial<ImportLook>, boolean]>([
    ['of a folder', {}, true],
    ['of an archive', { kind: 'archive' }, true],
    ['not of IDX files', { kind: 'idx', splits: { train: 60, test: 10 } }, false],
    ['of IDX files to test only', { kind: 'idx', splits: { test: 10 } }, true],
    ['of CIFAR-100, for its labels', { kind: 'cifar100', splits: { train: 50, test: 10 } }, true],
    ['not of CIFAR-10', { kind: 'cifar10', splits: { train: 50, test: 10 } }, false],
  ])('%s', (_, look, asked) => expect(plain({ ...folder, ...look })).toBe(!asked));
});

describe('splittings', () => {
  test.each<Splitting>([
    { by: 'given' },
    { by: 'fraction', validation: 0.125, test: 0.2, seed: 9 },
    { by: 'count', validation: 3, test: 4, seed: 9 },
    { by: 'count', train: 50, validation: 3, test: 4, seed: 9 },
  ])('$by is the same after it was a form', (splitting) => {
    expect(splittingOf(splittingForm(splitting, 100))).toEqual(splitting);
  });

  test.each<[Splitting, number[]]>([
    [{ by: 'given' }, [80, 0, 20, 0]],
    [{ by: 'fraction', validation: 0.1, test: 0.25, seed: 1 }, [65, 10, 25, 0]],
    [{ by: 'count', validation: 5, test: 10, seed: 1 }, [85, 5, 10, 0]],
    [{ by: 'count', train: 20, validation: 5, test: 10, seed: 1 }, [20, 5, 10, 65]],
  ])('%o makes parts of %j', (splitting, [train, validation, test, rest]) => {
    expect(sharesOf(splitting, { train: 80, test: 20 })).toEqual({ train, validation, test, rest });
  });

  test.each<[Splitting, string | null]>([
    [{ by: 'given' }, null],
    [{ by: 'fraction', validation: 0.5, test: 0.5, seed: 1 }, 'shares'],
    [{ by: 'fraction', validation: 0.5, test: 0.4, seed: 1 }, null],
    [{ by: 'count', validation: 50, test: 50, seed: 1 }, 'counts'],
    [{ by: 'count', validation: 50, test: 49, seed: 1 }, null],
    [{ by: 'count', train: 60, validation: 30, test: 11, seed: 1 }, 'counts'],
  ])('%o: %s', (splitting, problem) => expect(splittingProblem(splitting, { train: 100 })).toBe(problem));

  test('as given, without training images, there is nothing to train on', () => {
    expect(splittingProblem({ by: 'given' }, { test: 10 })).toBe('noTraining');
  });
});
