import type { ImageItem, ImageQueryInput } from '#contract/data.ts';
import { imageQuery } from '#contract/data.ts';
import { sheetImages, sheetUrl } from '#contract/pictures.ts';
import type { Link } from '#page-link/index.ts';

/** The images that a query finds: how many, and page by page what is known of each. Pages match the sprite sheets. */
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

  sheet(page: number): string {
    return sheetUrl(this.query, page, this.revision);
  }

  /** The image at this place of the order, if its page has come; else its page is asked for. */
  item(place: number): ImageItem | undefined {
    const page = Math.floor(place / sheetImages);
    const items = this.#pages.get(page);
    if (!items) void this.#ask(page);
    return items?.[place % sheetImages];
  }

  async #ask(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    try {
      const query = imageQuery.parse(this.query);
      const items = await this.#link.engine.data.page({ query, offset: page * sheetImages, limit: sheetImages });
      this.#pages = new Map(this.#pages).set(page, items);
    } catch {
      // Asked again when it is next in sight; the picture itself is shown without its caption meanwhile.
      this.#asked.delete(page);
    }
  }
}
