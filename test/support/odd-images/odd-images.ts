import { bombs } from './bombs.ts';
import { brokenImages } from './broken-images.ts';
import { notImages } from './not-images.ts';
import type { OddImage } from './outcome.ts';
import { strangeImages } from './strange-images.ts';

/** The corpus of odd files, each with what must become of it. The same every time; nothing of it is kept in the repository. */
export async function makeOddImages(): Promise<OddImage[]> {
  return [...(await strangeImages()), ...(await brokenImages()), ...notImages(), ...(await bombs())];
}
