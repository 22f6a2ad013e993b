import type { Photo, PictureRef } from '#contract/prediction.ts';

/** The picture in hand, as a person sees it. */
export interface Subject {
  readonly picture: PictureRef;
  readonly photo: Photo | null;
  readonly name: string;
  /** Where it comes from, in few words. */
  readonly place: string;
}
