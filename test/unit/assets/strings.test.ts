import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { sourceFiles } from '#test/support/source-files.ts';

const root = join(import.meta.dirname, '../../..');
type Catalogue = { readonly [name: string]: string | Catalogue };
const renderer = join(root, 'renderer');
const strings = join(root, 'assets/strings');
const namesOf = (language: string) => sourceFiles(join(strings, language), '.json');
const read = (language: string, name: string) =>
  JSON.parse(readFileSync(join(strings, language, name), 'utf8')) as Catalogue;

function flat(node: string | Catalogue, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]];
  return Object.entries(node).flatMap(([name, inner]) => flat(inner, path === '' ? name : `${path}.${name}`));
}

/** Of a parsed message: its arguments, plurals and what they hold. */
interface Piece {
  readonly type: number;
  readonly value?: string;
  readonly options?: Record<string, { readonly value: readonly Piece[] }>;
}
const kinds = { argument: 1, number: 2, select: 5, plural: 6, sharp: 7 };

/** What a reader sees of the arguments: one that only chooses between singular and plural is not seen. */
function seenIn(pieces: readonly Piece[], counted = '', seen = new Set<string>()): Set<string> {
  for (const { type, value = '', options } of pieces) {
    if (type === kinds.argument || type === kinds.number) seen.add(value);
    if (type === kinds.sharp) seen.add(counted);
    for (const option of Object.values(options ?? {}))
      seenIn(option.value, type === kinds.plural ? value : counted, seen);
  }
  return seen;
}

const parse = (text: string, language: string) => new IntlMessageFormat(text, language).getAst() as unknown as Piece[];

test('both languages have the same files', () => expect(namesOf('zh')).toEqual(namesOf('en')));

describe.each(namesOf('en'))('%s', (name) => {
  const [en, zh] = [flat(read('en', name)), flat(read('zh', name))];

  test('has the same keys in both languages', () => {
    expect(zh.map(([key]) => key).sort()).toEqual(en.map(([key]) => key).sort());
  });

  test('is written in ICU MessageFormat, with the same arguments in both languages', () => {
    const chinese = new Map(zh);
    for (const [key, text] of en) {
      const [one, other] = [seenIn(parse(text, 'en')), seenIn(parse(chinese.get(key) ?? '', 'zh'))];
      expect({ key, seen: [...other].sort() }).toEqual({ key, seen: [...one].sort() });
    }
  });

  test('says nothing empty, and ends no sentence with an exclamation mark', () => {
    for (const [key, text] of [...en, ...zh]) {
      expect({ key, empty: text.trim() === '' }).toEqual({ key, empty: false });
      expect({ key, text, loud: /[!！]$/.test(text) }).toEqual({ key, text, loud: false });
    }
  });
});

/** Between tags and outside of braces: what a reader would see. */
function shownTexts(source: string): string[] {
  const markup = source
    .replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '')
    .replace(/&\w+;/g, ' ');
  return withoutBraces(markup)
    .split(/<[^>]*>/)
    .map((text) => text.trim());
}

/** Markup without its expressions, which may hold braces and `>` of their own. */
function withoutBraces(markup: string): string {
  let [depth, text] = [0, ''];
  for (const sign of markup) {
    if (sign === '{') depth += 1;
    else if (sign === '}') depth -= 1;
    else if (depth === 0) text += sign;
  }
  return text;
}

/** Names and signs that are the same in every language; `name` is the field of a Keras layer. */
const ofAllLanguages = /^(Heatlens|name|JSON|CSV|PNG|SVG|kB|MB|GB|px|fps|img\/s|ms|s|p|n|W|H|C|RGB|hex|x|FPS)$/;

test('no words of the interface stand in the code', () => {
  const strays = sourceFiles(renderer, '.svelte').flatMap((file) => {
    const source = readFileSync(join(renderer, file), 'utf8');
    const texts = shownTexts(source).flatMap((text) => text.split(/[\s·×/|→←↑↓,;:()%+−–—…=]+/));
    const words = texts.filter((word) => /\p{L}{2,}/u.test(word) && !ofAllLanguages.test(word));
    const attributes = [
      ...source.matchAll(/\s(?:title|placeholder|aria-label|alt|label|text|hint)="([^"{]*\p{L}[^"{]*)"/gu),
    ];
    return [...words, ...attributes.map(([, value]) => value ?? '')]
      .filter((word) => !ofAllLanguages.test(word))
      .map((word) => `${file}: ${word}`);
  });
  expect(strays).toEqual([]);
});

/** Keys that are put together in the code are said by their beginning. */
test('every key that the pages ask for is there', () => {
  const keys = new Set(
    namesOf('en').flatMap((name) => flat(read('en', name), name.replace('.json', '')).map(([key]) => key)),
  );
  const missing = sourceFiles(renderer, '.svelte', '.ts').flatMap((file) => {
    const source = readFileSync(join(renderer, file), 'utf8');
    const asked = [...source.matchAll(/\bt\(\s*'([a-z][\w-]*\.[\w.-]+)'/g)].map(([, key]) => key ?? '');
    return asked.filter((key) => !keys.has(key)).map((key) => `${file}: ${key}`);
  });
  expect(missing).toEqual([]);
});

/** Two translators of one word: the first is what all pages say. */
const oneWord = [
  ['影片', '视频'],
  ['热力图', '(?<!热力)热图'],
  ['张', '幅(?!度)'],
  ['您', '你'],
] as const;

test.each(oneWord)('in Chinese it is %s everywhere', (_said, other) => {
  const strays = namesOf('zh').flatMap((name) =>
    flat(read('zh', name)).flatMap(([key, text]) => (new RegExp(other).test(text) ? [`${name} ${key}: ${text}`] : [])),
  );
  expect(strays).toEqual([]);
});
