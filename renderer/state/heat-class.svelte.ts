import type { Split } from '#contract/data.ts';
import type { MeanHeat } from '#contract/explain.ts';
import type { Link } from '#page-link/index.ts';
import { HeatWork } from './heat-work.svelte.ts';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What was asked when the result in hand came. */
export interface ClassQuestion {
  readonly model: string;
  readonly dataset: string;
  readonly split: Split;
  readonly of: number | null;
  readonly class: number | null;
  readonly most: number;
}

/** Where a class looks: what is chosen and what was found. It stays when the page changes. */
export class ClassHeatState {
  readonly work = new HeatWork<MeanHeat>();
  model = $state<string | null>(null);
  dataset = $state<string | null>(null);
  split = $state<Split>('test');
  /** Only images of this class; null = all. */
  of = $state<number | null>(null);
  /** Heat for this class of the network; null = what each image is predicted as. */
  class = $state<number | null>(null);
  most = $state(200);
  /** What should matter, 0…1 of the image. */
  box = $state.raw<Box | null>(null);
  #asked = $state.raw<ClassQuestion | null>(null);
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  get asked(): ClassQuestion | null {
    return this.#asked;
  }

  async ask(question: ClassQuestion): Promise<void> {
    const { of, class: index, ...rest } = question;
    this.work.clear();
    this.#asked = question;
    await this.work.run((signal) =>
      this.#link.engine.explain.meanHeat(
        { ...rest, ...(of === null ? {} : { of }), ...(index === null ? {} : { class: index }) },
        { signal },
      ),
    );
  }
}

const ofLink = new WeakMap<Link, ClassHeatState>();

export function classHeatOf(link: Link): ClassHeatState {
  let state = ofLink.get(link);
  if (!state) ofLink.set(link, (state = new ClassHeatState(link)));
  return state;
}
