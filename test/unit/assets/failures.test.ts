import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { failureCodes } from '#contract/failures.ts';
import en from '#strings/en/failures.json' with { type: 'json' };
import zh from '#strings/zh/failures.json' with { type: 'json' };

const languages: [string, Record<string, string>][] = [
  ['en', en],
  ['zh', zh],
];

interface Piece {
  /** Of the parser: 0 text, 5 one of several sentences by a word, 7 the number of the plural around it. */
  readonly type: number;
  readonly value?: string;
  readonly options?: Record<string, { readonly value: Piece[] }>;
}

const piecesOf = (pattern: string) => new IntlMessageFormat(pattern, 'en').getAst() as unknown as Piece[];

/** Names of the facts that a sentence shows: `{file}`, `{bytes, number}`, `{split, select, …}`. */
function placeholders(pieces: readonly Piece[]): string[] {
  const names = pieces.flatMap(({ type, value = '', options = {} }) => {
    if (type === 0 || type === 7) return [];
    return [value, ...Object.values(options).flatMap((option) => placeholders(option.value))];
  });
  return [...new Set(names)].sort();
}

describe.each(languages)('the sentences in %s', (language, sentences) => {
  test('are there for every failure, and for nothing else', () => {
    expect(Object.keys(sentences).sort()).toEqual([...failureCodes].sort());
  });

  test.each(Object.entries(sentences))('%s can be formatted and shows every fact', (_code, pattern) => {
    const pieces = piecesOf(pattern);
    const choices = pieces.filter(({ type }) => type === 5).map(({ value }) => value);
    const names = placeholders(pieces).filter((name) => !choices.includes(name));
    const facts = Object.fromEntries([
      ...names.map((name, i) => [name, 7001 + i]),
      ...choices.map((name) => [name, 'other']),
    ]);
    const sentence = String(new IntlMessageFormat(pattern, language).format(facts));
    expect(sentence).toMatch(/[.。”]$|\d$/);
    expect(sentence).not.toMatch(/[{}!]/);
    names.forEach((_name, i) => expect(sentence.replaceAll(',', '')).toContain(String(7001 + i)));
  });
});

test.each(failureCodes)('%s has the same facts in both languages', (code) => {
  expect(placeholders(piecesOf(zh[code]))).toEqual(placeholders(piecesOf(en[code])));
});
