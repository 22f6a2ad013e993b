import type { Breather } from './breather.ts';
import { inOrder, nextNear, type Hashes } from './hashes.ts';
import { fieldDifference, PixelDifference, type Looks } from './look.ts';
import type { PooledImages } from './pooled-images.ts';

/**
 * How far the luma of small images may be apart on average, as a share of the lesser contrast. Small images are alike
 * without being the same: of MNIST's 70,000 digits some 40 million pairs have near hashes, yet one pair only is nearer
 * than 4 % (four are nearer than 5 %, all of them ones). Photos of 32×32 in colour differ from their own JPEG of quality
 * 90 by 5 to 12 %.
 */
const greyLimit = 0.04;
const colourLimit = 0.12;
/** Fields are rounded to whole tones; their edges may cut pixels unevenly. */
const slack = 1;

/**
 * Names pairs of small images that are nearly the same: near hashes, and almost the same pixels. Two images whose pixels
 * differ little differ as little in their mean, so only those of about the same mean are compared.
 */
export async function nearByLook(
  images: PooledImages,
  hashes: Hashes,
  looks: Looks,
  places: Uint32Array,
  visit: (one: number, other: number) => void,
  breather: Breather,
  tell: (share: number) => void,
): Promise<void> {
  const limit = images.channels < 3 ? greyLimit : colourLimit;
  const { mean, contrast } = looks;
  const order = places.toSorted((a, b) => (mean[a] ?? 0) - (mean[b] ?? 0));
  const sorted = inOrder(hashes, order);
  const means = Float32Array.from(order, (place) => mean[place] ?? 0);
  const difference = new PixelDifference(images);
  let compared = 0;
  let end = 0;
  for (let first = 0; first < order.length; first++) {
    const one = order[first] ?? 0;
    const reach = (means[first] ?? 0) + limit * (contrast[one] ?? 0);
    end = Math.max(end, first + 1);
    while (end < order.length && (means[end] ?? 0) <= reach) end++;
    while (end > first + 1 && (means[end - 1] ?? 0) > reach) end--;
    const next = (from: number) => nextNear(sorted, first, from, end);
    for (let second = next(first + 1); second < end; second = next(second + 1)) {
      if ((++compared & 255) === 0 && breather.due) {
        tell(first / order.length);
        await breather.breathe();
      }
      const other = order[second] ?? 0;
      const most = limit * Math.min(contrast[one] ?? 0, contrast[other] ?? 0);
      if (most === 0 || fieldDifference(looks, one, other) > most + slack) continue;
      if (difference.of(one, other) <= most) visit(Math.min(one, other), Math.max(one, other));
    }
  }
  tell(1);
}
