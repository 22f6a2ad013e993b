import type { News as Item } from '#contract/host.ts';
import { toFailure } from '#contract/failures.ts';
import type { Link } from '#page-link/index.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Strings } from './strings.svelte.ts';
import type { Toasts } from './toasts.ts';

/** Work that took less than this many milliseconds is over before anybody turns away. */
const long = 10_000;
/** Work that is not over after as many milliseconds may be worth to be told of. */
const worthAnOffer = 2000;

interface Parts {
  readonly link: Link;
  readonly preferences: Preferences;
  readonly strings: Strings;
  readonly toasts: Toasts;
  /** Shows what a piece of news is about. */
  readonly act: (command: string) => void;
}

/** What others need of it: to do work whose end is told. */
export type Telling = Pick<News, 'after'>;

/** Tells what ended while the window is not in front: through the system, or the browser where a person allowed it. */
export class News {
  readonly #parts: Parts;
  /** What ended and was not looked at yet, newest last: the window's title says so. */
  #unseen = $state.raw<readonly Item[]>([]);
  #awaited = $state(0);
  #permission = $state<NotificationPermission | 'missing'>(permission());

  constructor(parts: Parts) {
    this.#parts = parts;
    window.addEventListener('focus', () => (this.#unseen = []));
    document.addEventListener('visibilitychange', () => {
      if (inFront()) this.#unseen = [];
    });
  }

  get unseen(): readonly Item[] {
    return this.#unseen;
  }

  /** Whether news reach the person through the system; in a browser only once it was allowed. */
  get reaches(): boolean {
    const { link, preferences } = this.#parts;
    return preferences.values.notify && (link.abilities.notify || this.#permission === 'granted');
  }

  /** A browser that has refused, or knows no notifications. */
  get impossible(): boolean {
    return !this.#parts.link.abilities.notify && ['denied', 'missing'].includes(this.#permission);
  }

  /** A person wants them or not; a browser then asks for its own consent. */
  async want(notify: boolean): Promise<void> {
    const { link, preferences } = this.#parts;
    if (notify && !link.abilities.notify && this.#permission === 'default') {
      this.#permission = await Notification.requestPermission();
    }
    await preferences.set({ notify, notifyOffered: true });
  }

  /** Something ended. @param elsewhere what is told in the window itself, where it is in front but shows something else */
  tell(item: Item, elsewhere = false): void {
    const { link, toasts, strings, act } = this.#parts;
    if (inFront()) {
      if (elsewhere) toasts.offer(item.title, strings.t('news.show'), () => act(item.command));
      return;
    }
    this.#unseen = [...this.#unseen, item];
    if (elsewhere) toasts.offer(item.title, strings.t('news.show'), () => act(item.command));
    if (!this.reaches) return;
    if (link.abilities.notify)
      void link.host.notify(item).catch(() => undefined); // a host that is gone tells nothing
    else this.#throughBrowser(item);
  }

  /** How many pieces of work are waited for. */
  get awaited(): number {
    return this.#awaited;
  }

  /**
   * Does something and tells its end, if that took long; meanwhile it counts as work under way. Fails as it does.
   * @param name what is worked on
   * @param command shows it
   * @param done the sentence of its end, with `{name}`
   */
  async after<T>(name: string, command: string, work: () => Promise<T>, done = 'news.done'): Promise<T> {
    const { strings } = this.#parts;
    const began = performance.now();
    const offering = setTimeout(() => inFront() && this.offer(), worthAnOffer);
    this.#awaited += 1;
    const tell = (key: string, body: string) => {
      if (performance.now() - began >= long) this.tell({ title: strings.t(key, { name }), body, command });
    };
    try {
      const made = await work();
      tell(done, '');
      return made;
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== 'call/cancelled') tell('news.failed', strings.failure(failure));
      throw thrown;
    } finally {
      clearTimeout(offering);
      this.#awaited -= 1;
    }
  }

  /** In a browser: offers once, when something begins that takes long, to tell its end. */
  offer(): void {
    const { link, preferences, toasts, strings } = this.#parts;
    const { notifyOffered } = preferences.values;
    if (link.abilities.notify || notifyOffered || this.#permission !== 'default') return;
    void preferences.set({ notifyOffered: true });
    toasts.offer(strings.t('news.offer'), strings.t('news.accept'), () => void this.want(true));
  }

  #throughBrowser({ title, body, command }: Item): void {
    try {
      const shown = new Notification(title, { body, tag: command });
      shown.onclick = () => {
        window.focus();
        this.#parts.act(command);
        shown.close();
      };
    } catch {
      this.#permission = 'missing'; // Chrome on Android has the constructor, and throws
    }
  }
}

function inFront(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

function permission(): NotificationPermission | 'missing' {
  return 'Notification' in globalThis ? Notification.permission : 'missing';
}
