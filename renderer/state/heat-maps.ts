import type { Explanation, ExplainLayer } from '#contract/explain.ts';
import type { KnownModel } from '#contract/models.ts';
import type { Engine } from '#contract/engine.ts';
import type { Link } from '#page-link/index.ts';

type Asking = Parameters<Engine['explain']['map']>[0];

/** What a map is asked for; `ask` fills the rest. */
export type HeatQuestion = Pick<Asking, 'model' | 'picture' | 'method' | 'class' | 'layer' | 'options' | 'ways'>;

export interface HeatLayers {
  readonly layers: readonly ExplainLayer[];
  readonly chosen: Explanation['layer'];
}

/** Maps that are kept; one of ResNet50's is 7×7, of integrated gradients 224×224: 200 kB. */
const most = 200;

/**
 * Maps by what they were asked for, so that going back to a class, a layer or an epoch takes no time. A question that is
 * under way is not asked twice.
 */
export class HeatMaps {
  readonly #link: Link;
  readonly #kept = new Map<string, Explanation>();
  readonly #coming = new Map<string, Promise<Explanation>>();
  readonly #layers = new Map<string, Promise<HeatLayers>>();
  /** Milliseconds that the last map of a model and a method took. */
  readonly #took = new Map<string, number>();

  constructor(link: Link) {
    this.#link = link;
  }

  /** What is here already. @param revision changes with the model's weights and the picture */
  known(question: HeatQuestion, revision: string): Explanation | undefined {
    const key = keyOf(question, revision);
    const found = this.#kept.get(key);
    if (found) {
      this.#kept.delete(key);
      this.#kept.set(key, found);
    }
    return found;
  }

  /** Fails as `explain.map`; `call/cancelled` when `signal` ends it. */
  async ask(question: HeatQuestion, revision: string, signal?: AbortSignal): Promise<Explanation> {
    const known = this.known(question, revision);
    if (known) return known;
    const key = keyOf(question, revision);
    const coming = this.#coming.get(key);
    if (coming && !signal) return coming;
    const asked = this.#link.engine.explain.map(question, signal ? { signal } : {}).then((found) => {
      this.#keep(key, found);
      this.#took.set(timeKey(question), found.milliseconds);
      return found;
    });
    if (!signal) {
      this.#coming.set(key, asked);
      void asked.catch(() => undefined).then(() => this.#coming.delete(key));
    }
    return asked;
  }

  /** How long the last one of its kind took, ms. */
  took(question: Pick<HeatQuestion, 'model' | 'method'>): number | undefined {
    return this.#took.get(timeKey(question));
  }

  /** Fails: `model/unknown`, … */
  layers(model: Pick<KnownModel, 'ref' | 'revision'>): Promise<HeatLayers> {
    return remembered(this.#layers, `${model.ref} ${model.revision}`, () =>
      this.#link.engine.explain.layers({ model: model.ref }),
    );
  }

  #keep(key: string, found: Explanation): void {
    this.#kept.set(key, found);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= most) break;
      this.#kept.delete(oldest);
    }
  }
}

/** One for the window: every place that shows heat shares what is known. */
const ofLink = new WeakMap<Link, HeatMaps>();

export function heatMapsOf(link: Link): HeatMaps {
  let maps = ofLink.get(link);
  if (!maps) ofLink.set(link, (maps = new HeatMaps(link)));
  return maps;
}

function remembered<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let found = kept.get(key);
  if (!found) {
    kept.set(key, (found = make()));
    found.catch(() => kept.delete(key));
  }
  return found;
}

function keyOf(question: HeatQuestion, revision: string): string {
  const { model, picture, method, class: index, layer, options, ways } = question;
  return JSON.stringify([model, picture, method, index ?? null, layer ?? null, options ?? {}, ways ?? {}, revision]);
}

function timeKey({ model, method }: Pick<HeatQuestion, 'model' | 'method'>): string {
  return `${model} ${method}`;
}
