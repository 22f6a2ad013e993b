import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '#contract/failures.ts';
import type { News as Item } from '#contract/host.ts';
import type { Link } from '#page-link/index.ts';
import { ModelExport } from '#state/model-export.svelte.ts';
import { Models } from '#state/models.svelte.ts';
import { News } from '#state/news.svelte.ts';
import type { Preferences } from '#state/preferences.svelte.ts';
import { Provision } from '#state/provision.svelte.ts';
import type { Strings } from '#state/strings.svelte.ts';
import type { Toasts } from '#state/toasts.ts';
import { Zoo } from '#state/zoo.svelte.ts';

/** A window that is in front or not, in a desktop host that notifies or in a browser. */
function fakeNews({ front = false, host = true, notify = true } = {}) {
  vi.stubGlobal('window', { addEventListener: vi.fn() });
  vi.stubGlobal('document', { addEventListener: vi.fn(), visibilityState: 'visible', hasFocus: () => front });
  const shown: string[] = [];
  class Shown {
    static permission = 'default';
    static requestPermission = () => Promise.resolve((Shown.permission = 'granted'));
    constructor(title: string) {
      shown.push(title);
    }
  }
  vi.stubGlobal('Notification', Shown);
  const told: Item[] = [];
  const offered: string[] = [];
  const values = { notify, notifyOffered: false };
  const news = new News({
    link: {
      abilities: { notify: host },
      host: { notify: (item: Item) => Promise.resolve(void told.push(item)) },
    } as unknown as Link,
    preferences: {
      values,
      set: (change: object) => Promise.resolve(void Object.assign(values, change)),
    } as unknown as Preferences,
    strings: {
      t: (key: string, details?: Record<string, unknown>) => [key, ...Object.values(details ?? {})].join(' '),
      failure: ({ code }: { code: string }) => code,
    } as unknown as Strings,
    toasts: { offer: (text: string) => void offered.push(text) } as unknown as Toasts,
    act: vi.fn(),
  });
  return { news, told, offered, shown };
}

const lasting = (milliseconds: number, end?: Error) => async () => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  if (end) throw end;
  return 'made';
};

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each<{ what: string; front: boolean; lasts: number; end?: Error; told: Item[] }>([
  { what: 'short work', front: false, lasts: 9000, told: [] },
  {
    ...{ what: 'long work', front: false, lasts: 11_000 },
    told: [{ title: 'news.done a.keras', body: '', command: 'go.zoo' }],
  },
  { what: 'long work that was looked at', front: true, lasts: 11_000, told: [] },
  {
    ...{ what: 'long work that failed', front: false, lasts: 11_000, end: new AppError('internal', 'no') },
    told: [{ title: 'news.failed a.keras', body: 'internal', command: 'go.zoo' }],
  },
  {
    ...{ what: 'long work that a person ended', front: false, lasts: 11_000 },
    ...{ end: new AppError('call/cancelled', 'ended'), told: [] },
  },
])('of $what is told $told.length times', async ({ front, lasts, end, told }) => {
  const { news, told: heard } = fakeNews({ front });
  const ended = news.after('a.keras', 'go.zoo', lasting(lasts, end));
  if (end) await expect(ended).rejects.toBe(end);
  else expect(await ended).toBe('made');
  expect(heard).toEqual(told);
  expect(news.unseen).toEqual(told);
});

test('work counts as under way until it ends, however it ends', async () => {
  const { news } = fakeNews();
  let seen = 0;
  const failed = news.after('a', '', () => {
    seen = news.awaited;
    return Promise.reject(new Error('no'));
  });
  await expect(failed).rejects.toThrow('no');
  expect([seen, news.awaited]).toEqual([1, 0]);
});

test('nobody is told who wants no news', async () => {
  const { news, told } = fakeNews({ notify: false });
  await news.after('a', '', lasting(11_000));
  expect(told).toEqual([]);
});

test('a browser offers once to tell, when work lasts, and tells after its own consent', async () => {
  const { news, offered, shown } = fakeNews({ front: true, host: false });
  await news.after('a', '', lasting(1500));
  expect(offered).toEqual([]);
  await news.after('b', '', lasting(2500));
  await news.after('c', '', lasting(2500));
  expect(offered).toEqual(['news.offer']);
  await news.want(true);
  document.hasFocus = () => false;
  await news.after('d', '', lasting(11_000));
  expect(shown).toEqual(['news.done d']);
});

/** An engine whose calls each last this long; `end` comes last. */
function slowEngine(milliseconds: number, end?: unknown): Link {
  async function* steps(): AsyncGenerator<object, unknown> {
    await vi.advanceTimersByTimeAsync(milliseconds / 2);
    yield { stage: 'download', done: 1, total: 2, secondsLeft: 1 };
    await vi.advanceTimersByTimeAsync(milliseconds / 2);
    return end;
  }
  const slow = () => Promise.resolve(steps());
  const quick = () => Promise.resolve([]);
  return {
    engine: {
      models: { export: slow, program: slow, list: quick },
      engine: { provision: slow },
      zoo: { fetch: slow, measure: slow, list: quick },
    },
  } as unknown as Link;
}

test.each<{ what: string; work: (link: Link, news: News) => Promise<unknown>; told: Omit<Item, 'body'> }>([
  {
    what: 'a model is taken home',
    work: (link, news) =>
      new ModelExport(link, news).write({ model: 'm', format: 'keras', path: '/home/a/mnist.keras' }),
    told: { title: 'news.done mnist.keras', command: '' },
  },
  {
    what: 'TensorFlow has come',
    work: (link, news) => new Provision(link, news).start(),
    told: { title: 'engine.get.done TensorFlow', command: 'go.engine' },
  },
  {
    what: 'weights have come',
    work: (link, news) => zooOf(link, news).fetch('resnet50'),
    told: { title: 'zoo.come resnet50', command: 'go.zoo' },
  },
  {
    what: 'the zoo is measured',
    work: (link, news) => zooOf(link, news).measure(['a', 'b', 'c']),
    told: { title: 'news.measured a, b, …', command: 'go.zoo' },
  },
])('$what: told, with the page where it is', async ({ work, told: { title, command } }) => {
  const { news, told } = fakeNews();
  await work(slowEngine(12_000), news);
  expect(told).toEqual([{ title, body: '', command }]);
});

const zooOf = (link: Link, news: News) =>
  new Zoo({
    ...{ link, models: new Models(link), news },
    failed: (thrown) => {
      throw thrown;
    },
  });
