import type { Photo } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';

/** Photos that come with the app; `chelsea` is the cat. */
export const samples = ['chelsea', 'astronaut', 'camera'] as const;
export type Sample = (typeof samples)[number];

const sampleSizes: Readonly<Record<Sample, string>> = {
  chelsea: '451×300',
  astronaut: '512×512',
  camera: '512×512',
};

/** Whether an open photo is that one of the app: somebody's own may have the same name. */
export function isSample({ name, width, height }: Photo, sample: Sample): boolean {
  return name === `${sample}.jpg` && `${width}×${height}` === sampleSizes[sample];
}

/** What an opening brought. */
export interface Opened {
  readonly photos: readonly Photo[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/** The photos that are open in this project, newest first. Their files stay where they are. */
export class Photos {
  #all = $state.raw<readonly Photo[]>([]);
  #loaded = $state(false);
  #opening = $state(false);
  #link: Link;
  #fetched: (address: string) => Promise<Blob>;

  /** @param fetched the bytes of something that came with the page */
  constructor(link: Link, fetched: (address: string) => Promise<Blob> = blobAt) {
    this.#link = link;
    this.#fetched = fetched;
  }

  get all(): readonly Photo[] {
    return this.#all;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** Files are being read. */
  get opening(): boolean {
    return this.#opening;
  }

  find(id: string): Photo | undefined {
    return this.#all.find((photo) => photo.id === id);
  }

  async refresh(): Promise<void> {
    this.#all = await this.#link.engine.prediction.photos();
    this.#loaded = true;
  }

  /** Files, or folders of pictures. Fails: `photo/none`. */
  async open(paths: string[]): Promise<Opened> {
    this.#opening = true;
    try {
      const opened = await this.#link.engine.prediction.openPhotos({ paths });
      await this.refresh();
      return opened;
    } finally {
      this.#opening = false;
    }
  }

  /** A picture without a file: it is kept in the project. Fails: `image/unreadable`, `image/too-large`. */
  async paste(picture: Blob, name: string): Promise<Photo> {
    this.#opening = true;
    try {
      const photo = await this.#link.engine.prediction.pastePhoto({ bytes: await base64Of(picture), name });
      await this.refresh();
      return photo;
    } finally {
      this.#opening = false;
    }
  }

  /** A photo that comes with the app; taken once. */
  async sample(name: Sample): Promise<Photo> {
    const known = this.#all.find((photo) => isSample(photo, name) && !photo.missing);
    return known ?? this.paste(await this.#fetched(sampleAddress(name)), `${name}.jpg`);
  }

  async close(ids: readonly string[]): Promise<void> {
    await this.#link.engine.prediction.closePhotos({ ids: [...ids] });
    const gone = new Set(ids);
    this.#all = this.#all.filter(({ id }) => !gone.has(id));
  }

  /** After an undo. */
  async restore(ids: readonly string[]): Promise<void> {
    await this.#link.engine.prediction.restorePhotos({ ids: [...ids] });
    await this.refresh();
  }
}

/** Where a photo of the app lies beside the page. */
export function sampleAddress(name: Sample): string {
  if (name === 'astronaut') return new URL('../../assets/photos/astronaut.jpg', import.meta.url).href;
  if (name === 'camera') return new URL('../../assets/photos/camera.jpg', import.meta.url).href;
  return new URL('../../assets/photos/chelsea.jpg', import.meta.url).href;
}

async function blobAt(address: string): Promise<Blob> {
  return (await fetch(address)).blob();
}

async function base64Of(picture: Blob): Promise<string> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const pieces: string[] = [];
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(pieces.join(''));
}
