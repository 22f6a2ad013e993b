import { defaultPreferences, type Host, type Preferences as Values } from '#contract/host.ts';
import { systemLanguage, type Strings } from './strings.svelte.ts';

/** What a person chose about the app itself; kept by the host, applied to the page. */
export class Preferences {
  #values = $state.raw<Values>(defaultPreferences);
  #host: () => Host;
  #strings: Strings;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #dark = matchMedia('(prefers-color-scheme: dark)');

  constructor(host: () => Host, strings: Strings) {
    this.#host = host;
    this.#strings = strings;
    this.#dark.addEventListener('change', () => this.#apply());
  }

  get values(): Values {
    return this.#values;
  }

  async load(): Promise<void> {
    this.#values = await this.#host().preferences();
    this.#apply();
  }

  async set(change: Partial<Values>): Promise<void> {
    this.#values = { ...this.#values, ...change };
    this.#apply();
    this.#values = await this.#host().setPreferences(change);
  }

  /** Remembers the sizes of a page's panes; written once the divider rests. */
  keepPanes(page: string, sizes: number[]): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => void this.set({ panes: { ...this.#values.panes, [page]: sizes } }), 400);
  }

  #apply(): void {
    const { theme, language } = this.#values;
    const dark = theme === 'dark' || (theme === 'system' && this.#dark.matches);
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    this.#strings.language = language === 'system' ? systemLanguage() : language;
  }
}
