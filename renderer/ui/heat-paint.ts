import { heatPixels, resized, type HeatMap, type HeatPaint } from './heat-map.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** A picture, and where in it (its px) the network looked. */
export interface HeatScene {
  readonly picture: CanvasImageSource | null;
  readonly size: Size;
  readonly seen: Box;
  /** The map in colours; see `heatLayer`. */
  readonly layer: CanvasImageSource | null;
  /** Of the heat over the picture, 0…1. */
  readonly opacity: number;
  /** Small pictures keep their pixels' edges. */
  readonly pixelated: boolean;
}

export type HeatShow = 'picture' | 'heat' | 'overlay';

/** px; a map is drawn finer than the eye tells before the browser stretches it. */
const layerSide = 448;

/** The map in colours, bilinear, in the shape of what the network saw. */
export function heatLayer(map: HeatMap, paint: HeatPaint, shape: Size): HTMLCanvasElement {
  const longest = Math.max(shape.width, shape.height);
  const side = Math.max(layerSide, map.width, map.height);
  const width = Math.max(1, Math.round((shape.width / longest) * side));
  const height = Math.max(1, Math.round((shape.height / longest) * side));
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pixels = heatPixels(resized(map, width, height), paint);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

/** Draws into a box of the picture's shape; what the network did not see is veiled. */
export function paintHeat(context: CanvasRenderingContext2D, scene: HeatScene, show: HeatShow, into: Box): void {
  const { picture, size, seen, layer, opacity, pixelated } = scene;
  const across = into.width / size.width;
  const down = into.height / size.height;
  const at = {
    left: into.left + seen.left * across,
    top: into.top + seen.top * down,
    width: seen.width * across,
    height: seen.height * down,
  };
  context.save();
  context.beginPath();
  context.rect(into.left, into.top, into.width, into.height);
  context.clip();
  context.imageSmoothingEnabled = !pixelated;
  context.imageSmoothingQuality = 'high';
  if (picture) context.drawImage(picture, into.left, into.top, into.width, into.height);
  if (show !== 'picture') {
    if (layer) {
      context.imageSmoothingEnabled = true;
      context.globalAlpha = show === 'heat' ? 1 : opacity;
      if (show === 'heat') {
        context.fillStyle = '#000';
        context.fillRect(at.left, at.top, at.width, at.height);
      }
      context.drawImage(layer, at.left, at.top, at.width, at.height);
      context.globalAlpha = 1;
    }
    // Even-odd: the whole box but what was seen.
    context.beginPath();
    context.rect(into.left, into.top, into.width, into.height);
    // Where the map is still to come, all of it is veiled.
    if (layer || show === 'overlay') context.rect(at.left, at.top, at.width, at.height);
    context.fillStyle = 'rgb(128 128 134 / 55%)';
    context.fill('evenodd');
  }
  context.restore();
}

/** The largest box of a shape within a width and a height. */
export function fitted(shape: Size, width: number, height: number): Size {
  const scale = Math.min(width / shape.width, height / shape.height);
  return { width: shape.width * scale, height: shape.height * scale };
}

/** A place in the picture (0…1 of it) as one of what was seen; null outside. */
export function placeSeen(
  { size, seen }: Pick<HeatScene, 'size' | 'seen'>,
  x: number,
  y: number,
): { x: number; y: number } | null {
  const place = { x: (x * size.width - seen.left) / seen.width, y: (y * size.height - seen.top) / seen.height };
  return place.x < 0 || place.x > 1 || place.y < 0 || place.y > 1 ? null : place;
}

/** A difference of two maps, −1…1: orange where the first is hotter, blue where the second is, clear where they agree. */
export function differenceLayer(map: HeatMap, shape: Size): HTMLCanvasElement {
  const longest = Math.max(shape.width, shape.height);
  const width = Math.max(1, Math.round((shape.width / longest) * layerSide));
  const height = Math.max(1, Math.round((shape.height / longest) * layerSide));
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const { values } = resized(map, width, height);
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (const [i, value] of values.entries()) {
    const [red, green, blue] = value > 0 ? differenceColours.first : differenceColours.second;
    pixels.set([red, green, blue, Math.min(1, Math.abs(value) * 1.4) * 235], i * 4);
  }
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

/** Of Okabe and Ito, as far from each other as two can be for every eye. */
export const differenceColours = { first: [230, 120, 0], second: [0, 114, 205] } as const;
