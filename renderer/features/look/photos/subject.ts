import type { Photo, PictureRef } from '#contract/prediction.ts';
import type { DataSetSummary } from '#contract/data.ts';
import { imageUrl, photoUrl } from '#contract/pictures.ts';

/** The picture in hand, as a person sees it. */
export interface Subject {
  readonly picture: PictureRef;
  readonly photo: Photo | null;
  readonly name: string;
  /** Where it comes from, in few words. */
  readonly place: string;
}

/** The address of a picture, its longer side at most `side` px where it has a choice; null for a drawing. */
export function pictureUrl(picture: PictureRef, side: number, sets: readonly DataSetSummary[]): string | null {
  if ('photo' in picture) return photoUrl(picture.photo, side);
  if ('dataset' in picture) {
    const { dataset, split, index } = picture;
    return imageUrl(dataset, split, index, sets.find(({ id }) => id === dataset)?.hash ?? '');
  }
  return null;
}
