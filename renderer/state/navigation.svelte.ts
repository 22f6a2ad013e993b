import type { ModelRef } from '#contract/models.ts';
import type { PictureRef } from '#contract/prediction.ts';

/** The rooms of the window, in the order of the work. */
export const pages = ['data', 'model', 'train', 'evaluate', 'look', 'film'] as const;
export const backRooms = ['engine', 'help'] as const;

/** Reached from other rooms; in the rail the room that they belong to is marked. */
export const sideRooms = { compare: 'train', zoo: 'model' } as const;

export type Page = (typeof pages)[number] | (typeof backRooms)[number] | keyof typeof sideRooms;
/** Rooms with a door of their own in the rail. */
export type Door = Exclude<Page, keyof typeof sideRooms>;

/** The door that leads to a page. */
export function doorOf(page: Page): Door {
  return page in sideRooms ? sideRooms[page as keyof typeof sideRooms] : (page as Door);
}

/** What the Look page shows: photos and where a network looks, the drawing pad, whole classes. */
export const lookViews = ['photos', 'draw', 'classes'] as const;
export type LookView = (typeof lookViews)[number];

/** What the middle of the photos' view shows. */
export const photoPanes = ['picture', 'table', 'tree', 'models'] as const;
export type PhotoPane = (typeof photoPanes)[number];

/** A picture to be looked at, and by which model; what is absent stays as it is. */
export interface LookAt {
  readonly model?: ModelRef | undefined;
  readonly picture?: PictureRef | undefined;
}

/** Where the person is, and what is in hand: it stays when the page changes. */
export class Navigation {
  #page = $state<Page>('data');
  #dataset = $state('mnist');
  #preset = $state('mnist-cnn');
  #run = $state<string | null>(null);
  #lookView = $state<LookView>('photos');
  #photoPane = $state<PhotoPane>('picture');
  #model = $state<ModelRef | null>(null);
  #picture = $state.raw<PictureRef | null>(null);

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

  get lookView(): LookView {
    return this.#lookView;
  }

  set lookView(view: LookView) {
    this.#lookView = view;
  }

  get photoPane(): PhotoPane {
    return this.#photoPane;
  }

  set photoPane(pane: PhotoPane) {
    this.#photoPane = pane;
  }

  /** The model that the Look page asks; null = the usual one. */
  get model(): ModelRef | null {
    return this.#model;
  }

  set model(model: ModelRef | null) {
    this.#model = model;
  }

  /** The picture that the Look page asks about; null = the newest photo. */
  get picture(): PictureRef | null {
    return this.#picture;
  }

  set picture(picture: PictureRef | null) {
    this.#picture = picture;
  }

  go(page: Page): void {
    this.#page = page;
  }

  /** "Where does it look?", from any page. */
  look({ model, picture }: LookAt): void {
    if (model !== undefined) this.#model = model;
    if (picture !== undefined) this.#picture = picture;
    this.#lookView = 'photos';
    this.#photoPane = 'picture';
    this.#page = 'look';
  }
}
