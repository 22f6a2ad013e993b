import type { HeatColours } from '#contract/heat-colours.ts';
import { heatPixels, resized, type HeatMap } from '#ui/heat-map.ts';

/** px of the longer side: heat has few places of its own, and the browser stretches it smoothly from here on. */
const finest = 224;

/** The map of one frame in colours; one canvas serves all frames. */
export class FrameLayer {
  readonly #canvas = document.createElement('canvas');

  /** @param shape of what the network saw of the picture */
  paint(map: HeatMap, colours: HeatColours, shape: { width: number; height: number }): HTMLCanvasElement {
    const side = Math.max(finest, map.width, map.height);
    const longest = Math.max(shape.width, shape.height);
    const width = Math.max(1, Math.round((shape.width / longest) * side));
    const height = Math.max(1, Math.round((shape.height / longest) * side));
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    const pixels = heatPixels(resized(map, width, height), { colours, fading: false });
    this.#canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
    return this.#canvas;
  }
}
