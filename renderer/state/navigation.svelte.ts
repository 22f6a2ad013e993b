/** The rooms of the window, in the order of the work. */
export const pages = ['data', 'model', 'train', 'evaluate', 'look'] as const;
export const backRooms = ['engine', 'help'] as const;

/** Reached from other rooms; in the rail the room that they belong to is marked. */
export const sideRooms = { compare: 'train' } as const;

export type Page = (typeof pages)[number] | (typeof backRooms)[number] | keyof typeof sideRooms;
/** Rooms with a door of their own in the rail. */
export type Door = Exclude<Page, keyof typeof sideRooms>;

/** The door that leads to a page. */
export function doorOf(page: Page): Door {
  return page === 'compare' ? sideRooms[page] : page;
}

/** Where the person is, and what is in hand: it stays when the page changes. */
export class Navigation {
  #page = $state<Page>('data');
  #dataset = $state('mnist');
  #preset = $state('mnist-cnn');
  #run = $state<string | null>(null);

  get page(): Page {
    return this.#page;
  }

  get dataset(): string {
    return this.#dataset;
  }

  set dataset(id: string) {
    this.#dataset = id;
  }

  get preset(): string {
    return this.#preset;
  }

  set preset(id: string) {
    this.#preset = id;
  }

  /** The run that Train, Evaluate and Look speak of. */
  get run(): string | null {
    return this.#run;
  }

  set run(id: string | null) {
    this.#run = id;
  }

  go(page: Page): void {
    this.#page = page;
  }
}
