import type { ImageItem, ImageQueryInput } from '#contract/data.ts';
import { imageQuery } from '#contract/data.ts';
import { sheetUrl, type TileLimit } from '#contract/pictures.ts';
import type { Link } from '#page-link/index.ts';

const pageImages = 256;

/** The images that a query finds: how many, and page by page what is known of each. */
export class ImageView {
  readonly query: ImageQueryInput;
  readonly revision: string;
  #count = $state<number | null>(null);
  #pages = $state.raw<ReadonlyMap<number, readonly ImageItem[]>>(new Map());
  #asked = new Set<number>();
  #link: Link;

  /** @param revision changes with the data set's pixels and labels and the run's predictions */
  constructor(link: Link, query: ImageQueryInput, revision: string) {
    this.#link = link;
    this.query = query;
    this.revision = revision;
  }

  /** Null until it is known. */
  get count(): number | null {
    return this.#count;
  }

  async load(): Promise<void> {
    this.#count = (await this.#link.engine.data.count(imageQuery.parse(this.query))).count;
  }

  sheet(page: number, limit: TileLimit = 64): string {
    return sheetUrl(this.query, page, this.revision, limit);
  }

  /** The image at this place of the order, if its page has come; else its page is asked for. */
  item(place: number): ImageItem | undefined {
    const page = Math.floor(place / pageImages);
    const items = this.#pages.get(page);
    if (!items) void this.#ask(page);
    return items?.[place % pageImages];
  }

  /** The images at these places, asked for where they have not come yet. */
  async itemsAt(places: readonly number[]): Promise<ImageItem[]> {
    const pages = [...new Set(places.map((place) => Math.floor(place / pageImages)))];
    for (const page of pages) {
      if (this.#pages.has(page)) continue;
      const items = await this.#page(page);
      this.#pages = new Map(this.#pages).set(page, items);
    }
    return places.flatMap((place) => this.item(place) ?? []);
  }

  #page(page: number): Promise<ImageItem[]> {
    const query = imageQuery.parse(this.query);
    return this.#link.engine.data.page({ query, offset: page * pageImages, limit: pageImages });
  }

  async #ask(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    try {
      const items = await this.#page(page);
      this.#pages = new Map(this.#pages).set(page, items);
    } catch {
      // Asked again when it is next in sight; the picture itself is shown without its caption meanwhile.
      this.#asked.delete(page);
    }
  }
}
