import { loadedPicture } from './loaded-picture.ts';

/** Pictures of something that goes on: the newest that has come; the one before stays until then. */
export class NewestPicture {
  #shown = $state.raw<string | null>(null);
  #loading = false;
  #next: string | null = null;
  #closed = false;
  #loaded: (url: string) => Promise<string>;

  constructor(loaded: (url: string) => Promise<string> = loadedPicture) {
    this.#loaded = loaded;
  }

  get shown(): string | null {
    return this.#shown;
  }

  /** One is fetched at a time; of those that come meanwhile the last counts. */
  follow(url: string): void {
    this.#next = url;
    if (!this.#loading) void this.#run();
  }

  close(): void {
    this.#closed = true;
    this.#show(null);
  }

  async #run(): Promise<void> {
    this.#loading = true;
    while (this.#next !== null && !this.#closed) {
      const url = this.#next;
      this.#next = null;
      // An older frame may be gone already; the next is on its way.
      const address = await this.#loaded(url).catch(() => null);
      if (address !== null) this.#show(address);
    }
    this.#loading = false;
  }

  #show(address: string | null): void {
    const before = this.#shown;
    this.#shown = this.#closed ? null : address;
    if (before !== null) URL.revokeObjectURL(before);
    if (this.#closed && address !== null) URL.revokeObjectURL(address);
  }
}
