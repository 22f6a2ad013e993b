import { createContext } from 'svelte';
import type { Link } from '#page-link/index.ts';
import { Actions } from './actions.svelte.ts';
import { Comparison } from './comparison.svelte.ts';
import { Curves } from './curves.svelte.ts';
import { Batch } from './batch.svelte.ts';
import { Browse } from './browse.svelte.ts';
import { DataSets } from './datasets.svelte.ts';
import { Draft } from './draft.svelte.ts';
import { Evaluation } from './evaluation.svelte.ts';
import { FilmMaking } from './film-making.svelte.ts';
import { FilmQueue } from './film-queue.svelte.ts';
import { Films } from './films.svelte.ts';
import { EngineState } from './engine-state.svelte.ts';
import { Imports } from './imports.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { News } from './news.svelte.ts';
import { Looking } from './looking.svelte.ts';
import { ModelExport } from './model-export.svelte.ts';
import { ModelOpening } from './model-opening.svelte.ts';
import { Models } from './models.svelte.ts';
import { Networks } from './networks.svelte.ts';
import { Photos } from './photos.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Projects } from './projects.svelte.ts';
import { Provision } from './provision.svelte.ts';
import { Runs } from './runs.svelte.ts';
import { Strings } from './strings.svelte.ts';
import { Toasts } from './toasts.ts';
import { Zoo } from './zoo.svelte.ts';

/** All state of the window, built once by `app/` and handed down by context; a test builds its own. */
export class App {
  readonly link: Link;
  readonly strings = new Strings();
  readonly t = this.strings.t;
  readonly toasts = new Toasts(this.strings);
  readonly navigation = new Navigation();
  readonly actions = new Actions(() => this.navigation.page);
  readonly draft = new Draft();
  readonly curves = new Curves();
  readonly preferences: Preferences;
  readonly news: News;
  readonly projects: Projects;
  readonly engine: EngineState;
  readonly datasets: DataSets;
  readonly imports: Imports;
  readonly networks: Networks;
  readonly runs: Runs;
  readonly comparison: Comparison;
  readonly evaluation: Evaluation;
  readonly provision: Provision;
  readonly browse: Browse;
  readonly models: Models;
  readonly zoo: Zoo;
  readonly modelExport: ModelExport;
  readonly modelOpening: ModelOpening;
  readonly photos: Photos;
  readonly batch: Batch;
  readonly looking: Looking;
  readonly films: Films;
  readonly filmMaking: FilmMaking;
  readonly filmQueue: FilmQueue;

  constructor(link: Link) {
    this.link = link;
    this.preferences = new Preferences(() => link.host, this.strings);
    const { preferences, strings, toasts } = this;
    const news = new News({ link, preferences, strings, toasts, act: (command) => void this.actions.do(command) });
    this.news = news;
    this.projects = new Projects(link, preferences);
    this.engine = new EngineState(link);
    this.datasets = new DataSets(link);
    this.imports = new Imports(link, this.datasets);
    this.networks = new Networks(link);
    this.runs = new Runs(link, this.toasts.failure);
    this.comparison = new Comparison(link);
    this.evaluation = new Evaluation(link);
    this.provision = new Provision(link, news);
    this.browse = new Browse(link);
    this.models = new Models(link);
    this.zoo = new Zoo({ link, models: this.models, news, failed: toasts.failure });
    this.modelExport = new ModelExport(link, news);
    this.modelOpening = new ModelOpening(link);
    this.photos = new Photos(link);
    this.batch = new Batch(link, news);
    this.looking = new Looking(link);
    this.films = new Films(link);
    this.filmMaking = new FilmMaking(this.preferences);
    this.filmQueue = new FilmQueue(link, this.toasts.failure);
  }

  /** Everything that the engine knows, read anew: at start, after its restart, and when another project was opened. */
  async refresh(): Promise<void> {
    const { datasets, models, networks, photos, projects } = this;
    void this.filmQueue.follow();
    await Promise.all(
      [datasets, this.runs, networks, models, photos, projects, this.films].map((part) => part.refresh()),
    );
    this.batch.keep(new Set(photos.all.map(({ id }) => id)));
    const { navigation, runs } = this;
    if (!this.networks.find(navigation.preset)) navigation.preset = 'mnist-cnn';
    if (!runs.find(navigation.run)) navigation.run = runs.active?.id ?? runs.all[0]?.id ?? null;
    if (!this.datasets.find(navigation.dataset)) navigation.dataset = this.datasets.all[0]?.id ?? 'mnist';
    runs.open(navigation.run, true);
  }

  /** What the panes of every page share: their divider's name, and sizes that are remembered. */
  panes(page: string) {
    return {
      dividerLabel: this.t('app.panes.divider'),
      sizes: this.preferences.values.panes[page],
      onresize: (sizes: number[]) => this.preferences.keepPanes(page, sizes),
    };
  }

  /** Takes a run in hand everywhere. */
  openRun(id: string | null): void {
    this.navigation.run = id;
    this.runs.open(id);
  }

  /** Does something that may fail; the failure is told in a toast. Resolves to undefined then. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      this.toasts.failure(thrown);
      return undefined;
    }
  }
}

export const [useApp, provideApp] = createContext<App>();
