import type { ImageForm, ImportLook } from '#contract/data.ts';
import { readHeader } from '../decode/image-header.ts';
import type { Listing } from '../listing/list-images.ts';
import { ascending } from '../random.ts';

type Sizes = NonNullable<ImportLook['sizes']>;

const looked = 64;
/** Networks for photos are written for this side; smaller images keep their own size. */
const usual = 224;

/** What a few of the images look like, spread over all, and the form that fits them. */
export async function sampleSizes({ images }: Listing): Promise<{ sizes?: Sizes; form: ImageForm }> {
  const count = Math.min(looked, images.length);
  const spread = Array.from(ascending(count), (place) => images[Math.floor((place * images.length) / count)]);
  const seen: { height: number; width: number }[] = [];
  for (const image of spread) {
    const header = image && (await image.read().then(readHeader, () => null));
    if (!header || !('width' in header)) continue;
    const { width, height } = header;
    const onItsSide = 'orientation' in header && header.orientation >= 5;
    seen.push(onItsSide ? { height: width, width: height } : { height, width });
  }
  const sizes = sizesOf(seen);
  return { ...(sizes && { sizes }), form: formFor(sizes) };
}

/** The commonest size; small ones are kept as they are. */
export function formFor(sizes: Sizes | undefined): ImageForm {
  const small = sizes && Math.max(sizes.height, sizes.width) <= 128;
  if (!small) return { height: usual, width: usual, channels: 3, fit: 'crop' };
  return { height: sizes.height, width: sizes.width, channels: sizes.grey ? 1 : 3, fit: 'crop' };
}

function sizesOf(seen: readonly { height: number; width: number }[]): Sizes | undefined {
  const counts = new Map<string, { height: number; width: number; images: number }>();
  for (const size of seen) {
    const key = `${size.width}×${size.height}`;
    counts.set(key, { ...size, images: (counts.get(key)?.images ?? 0) + 1 });
  }
  const [commonest] = [...counts.values()].sort(
    (a, b) => b.images - a.images || b.width * b.height - a.width * a.height,
  );
  if (!commonest) return undefined;
  const sides = seen.flatMap(({ height, width }) => [height, width]);
  const { height, width } = commonest;
  return { height, width, least: Math.min(...sides), most: Math.max(...sides), grey: false };
}
