import type { InputPlace } from '#contract/prediction.ts';
import type { HeatScene } from '#ui/heat-paint.ts';

/** Pictures narrower than this keep their pixels' edges, px. */
const small = 96;

/** What is drawn: the picture as soon as it is here, the heat when it is. Null while not even a size is known. */
export function sceneOf(
  picture: CanvasImageSource | null,
  place: InputPlace | null,
  layer: CanvasImageSource | null,
  opacity: number,
): HeatScene | null {
  const size = place?.picture ?? sizeOf(picture);
  if (!size) return null;
  return {
    picture,
    size,
    seen: seenOf(place, size),
    layer,
    opacity,
    pixelated: Math.max(size.width, size.height) <= small,
  };
}

/** All of the picture where nothing else is known. */
export function seenOf(place: InputPlace | null, size: { width: number; height: number }): HeatScene['seen'] {
  return place?.seen ?? { left: 0, top: 0, ...size };
}

function sizeOf(picture: CanvasImageSource | null): { width: number; height: number } | null {
  if (picture instanceof HTMLImageElement) return { width: picture.naturalWidth, height: picture.naturalHeight };
  if (picture instanceof HTMLCanvasElement) return { width: picture.width, height: picture.height };
  return null;
}
