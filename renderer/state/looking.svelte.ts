import { SvelteMap } from 'svelte/reactivity';
import type { KnownModel, ModelRef } from '#contract/models.ts';
import type { InputWays, PictureRef, RankedClass, TreeNode } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';
import { ModelComparison } from './model-comparison.svelte.ts';
import { PictureAnswer } from './picture-answer.svelte.ts';

/** What is set and known in the photos' view; it stays when the page changes. */
export class Looking {
  readonly answer: PictureAnswer;
  readonly comparison: ModelComparison;
  #top = $state(5);
  #threshold = $state(0);
  #ways = $state.raw<ReadonlyMap<ModelRef, InputWays>>(new Map());
  #heard = new SvelteMap<string, RankedClass>();
  #synset = $state<string | null>(null);
  #tree: Promise<TreeNode[]> | null = null;
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
    this.answer = new PictureAnswer(link);
    this.comparison = new ModelComparison(link);
  }

  /** A photo's likeliest class as this model said it when it was asked last. */
  heard({ ref }: Pick<KnownModel, 'ref'>, photo: string): RankedClass | undefined {
    return this.#heard.get(`${ref} ${photo}`);
  }

  hear({ ref }: Pick<KnownModel, 'ref'>, photo: string, likeliest: RankedClass): void {
    this.#heard.set(`${ref} ${photo}`, likeliest);
  }

  /** Classes that are shown, 1…20. */
  get top(): number {
    return this.#top;
  }

  set top(top: number) {
    this.#top = top;
  }

  /** Classes below this probability are not shown, 0…1. */
  get threshold(): number {
    return this.#threshold;
  }

  set threshold(threshold: number) {
    this.#threshold = threshold;
  }

  /** The synset whose part of ImageNet's tree is shown; null = all of it. */
  get synset(): string | null {
    return this.#synset;
  }

  set synset(id: string | null) {
    this.#synset = id;
  }

  /** How pictures become this model's input where that is not as the model says. */
  waysOf({ ref }: Pick<KnownModel, 'ref'>): InputWays {
    return this.#ways.get(ref.replace(/@.*$/, '')) ?? {};
  }

  setWays({ ref }: Pick<KnownModel, 'ref'>, ways: InputWays): void {
    this.#ways = new Map([...this.#ways, [ref.replace(/@.*$/, ''), ways]]);
  }

  /** ImageNet's tree; asked for once. */
  tree(): Promise<TreeNode[]> {
    const asked = (this.#tree ??= this.#link.engine.prediction.tree());
    asked.catch(() => (this.#tree = null));
    return asked;
  }
}

/** Equal for pictures that are the same. */
export function pictureKey(picture: PictureRef | null): string {
  return JSON.stringify(picture);
}
