import type { Canvas } from './canvas.ts';
import { saturate, turnHue } from './colour.ts';
import { isGeometry, type Drawn, type DrawnGeometry } from './drawn.ts';
import { aboutCentre, composed, identity, matrixOf } from './affine.ts';
import { brighten, channelShift, contrast } from './light.ts';
import { cropAndResize, cropPadded, flipLeftRight, flipUpDown } from './place.ts';
import { warp, type Surroundings } from './warp.ts';

/** Does what was drawn, in this order; maps of places that are neighbours are done as one. */
export function applyAll(canvas: Canvas, drawn: readonly Drawn[], surroundings: Surroundings): void {
  let maps: DrawnGeometry[] = [];
  for (const each of drawn) {
    if (isGeometry(each)) {
      maps.push(each);
      continue;
    }
    applyGeometry(canvas, maps, surroundings);
    maps = [];
    applyPlain(canvas, each);
  }
  applyGeometry(canvas, maps, surroundings);
}

function applyPlain(canvas: Canvas, drawn: Exclude<Drawn, DrawnGeometry>): void {
  switch (drawn.op) {
    case 'flip-left-right':
      return flipLeftRight(canvas);
    case 'flip-up-down':
      return flipUpDown(canvas);
    case 'random-crop':
      return cropPadded(canvas, drawn.padding, drawn.top, drawn.left);
    case 'crop-and-resize':
      return cropAndResize(canvas, drawn);
    case 'brightness':
      return brighten(canvas, drawn.delta);
    case 'contrast':
      return contrast(canvas, drawn.factor);
    case 'saturation':
      return saturate(canvas, drawn.factor);
    case 'hue':
      return turnHue(canvas, drawn.delta);
    case 'channel-shift':
      return channelShift(canvas, drawn.intensity);
  }
}

/**
 * Several maps of places as one: nothing is lost that leaves the image and comes back, and pixels are mixed once. In the
 * order rotation, shift, shear, zoom it is what `ImageDataGenerator` does.
 */
function applyGeometry(canvas: Canvas, drawn: readonly DrawnGeometry[], surroundings: Surroundings): void {
  const matrix = drawn.reduce((all, each) => composed(all, matrixOf(each)), identity);
  if (matrix.every((number, place) => number === identity[place])) return;
  warp(canvas, aboutCentre(matrix, canvas), surroundings);
}
