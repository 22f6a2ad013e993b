/** Ops whose numbers are fixed. */
export type Drawn = DrawnGeometry | DrawnLight | DrawnPlace;

/** Those that are an affine map of places; neighbours in the list become one map, so pixels are read once. */
export type DrawnGeometry =
  /** `ImageDataGenerator`'s theta. */
  | { readonly op: 'rotation'; readonly degrees: number }
  /** Pixels by which the place that is read lies further right and down: tx and ty. */
  | { readonly op: 'shift'; readonly x: number; readonly y: number }
  | { readonly op: 'shear'; readonly degrees: number }
  /** Below 1 comes nearer: zx and zy. */
  | { readonly op: 'zoom'; readonly x: number; readonly y: number };

export type DrawnLight =
  /** Part of the full range, −1…1. */
  | { readonly op: 'brightness'; readonly delta: number }
  | { readonly op: 'contrast'; readonly factor: number }
  | { readonly op: 'saturation'; readonly factor: number }
  /** Part of a full turn, −½…½. */
  | { readonly op: 'hue'; readonly delta: number }
  /** Of 255. */
  | { readonly op: 'channel-shift'; readonly intensity: number };

export type DrawnPlace =
  | { readonly op: 'flip-left-right' }
  | { readonly op: 'flip-up-down' }
  /** The corner of the crop within the padded image, px. */
  | { readonly op: 'random-crop'; readonly padding: number; readonly top: number; readonly left: number }
  /** A window, px. */
  | {
      readonly op: 'crop-and-resize';
      readonly top: number;
      readonly left: number;
      readonly height: number;
      readonly width: number;
    };

const geometry: ReadonlySet<string> = new Set<DrawnGeometry['op']>(['rotation', 'shift', 'shear', 'zoom']);

export function isGeometry(drawn: Drawn): drawn is DrawnGeometry {
  return geometry.has(drawn.op);
}
