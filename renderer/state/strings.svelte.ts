import { IntlMessageFormat } from 'intl-messageformat';
import type { Failure } from '#contract/failures.ts';

export type Language = 'en' | 'zh';
export type Values = Record<string, string | number>;

type Catalogue = Record<string, unknown>;

const files = import.meta.glob<Catalogue>('../../assets/strings/*/*.json', { eager: true, import: 'default' });

/** The texts of the interface: `t('train.title')` finds `title` in `assets/strings/<language>/train.json`. */
export class Strings {
  #language = $state<Language>('en');
  #formats = new Map<string, IntlMessageFormat>();

  readonly t = (key: string, values?: Values): string => this.#say(key, values) ?? key;

  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    this.#language = language;
    document.documentElement.lang = language;
  }

  /** The sentence for a failure; one that nobody foresaw is told with its own message. */
  readonly failure = ({ code, details, message }: Failure): string =>
    this.#say(`failures.${code}`, details) ?? this.#say('failures.internal', { reason: message }) ?? message;

  #say(key: string, values?: Values): string | undefined {
    const id = `${this.#language}:${key}`;
    let format = this.#formats.get(id);
    if (!format) {
      const text = lookUp(this.#language, key) ?? lookUp('en', key);
      if (text === undefined) return undefined;
      format = new IntlMessageFormat(text, this.#language);
      this.#formats.set(id, format);
    }
    try {
      return String(format.format(values));
    } catch {
      // A value the sentence wants is missing: better the raw sentence than none.
      return lookUp(this.#language, key);
    }
  }
}

/** The first part of a key is the file, the rest a path in it; failure codes contain slashes, which are kept. */
function lookUp(language: Language, key: string): string | undefined {
  const [file, ...rest] = key.split('.');
  let node: unknown = files[`../../assets/strings/${language}/${file}.json`];
  for (const name of rest) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Catalogue)[name];
  }
  return typeof node === 'string' ? node : undefined;
}

/** The person's language as the system says it; Chinese if it begins with zh, else English. */
export function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
