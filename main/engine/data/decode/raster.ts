/** Decoded pixels: bytes [height, width, channel]; 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

/** A product of two bytes divided by 255, rounded: exact for all of them (as Pillow's MULDIV255). */
const share = (a: number, b: number) => {
  const product = a * b + 128;
  return (product + (product >> 8)) >> 8;
};

/** Laid on white; `seen` tells whether any white shows through. Without alpha it stays as it is. */
export function onWhite(raster: Raster): { raster: Raster; seen: boolean } {
  const { width, height, channels, pixels } = raster;
  if (channels !== 2 && channels !== 4) return { raster, seen: false };
  const colours = channels - 1;
  const opaque = new Uint8Array(width * height * colours);
  let seen = false;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = pixels[pixel * channels + colours] ?? 255;
    seen ||= alpha < 255;
    for (let c = 0; c < colours; c++) {
      opaque[pixel * colours + c] = share(pixels[pixel * channels + c] ?? 0, alpha) + 255 - alpha;
    }
  }
  return { raster: { width, height, channels: colours, pixels: opaque }, seen };
}

/** Uncalibrated inks, 255 = full: each colour is what its ink and black leave of white. */
export function inksToColours({ width, height, pixels }: Raster): Raster {
  const colours = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const light = 255 - (pixels[pixel * 4 + 3] ?? 0);
    for (let c = 0; c < 3; c++) colours[pixel * 3 + c] = share(255 - (pixels[pixel * 4 + c] ?? 0), light);
  }
  return { width, height, channels: 3, pixels: colours };
}

/** Weights of luma, ITU-R BT.601, in 16-bit fixed point as Pillow's mode "L" has them. */
export const lumaWeights = { red: 19595, green: 38470, blue: 7471, whole: 65536 } as const;

export const luma = (red: number, green: number, blue: number) =>
  (lumaWeights.red * red + lumaWeights.green * green + lumaWeights.blue * blue + 0x8000) >> 16;

/** Grey (one channel) from colours, or colours (three) from grey. */
export function withChannels(raster: Raster, channels: 1 | 3): Raster {
  if (raster.channels === channels) return raster;
  const { width, height, pixels } = raster;
  const changed = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (channels === 3) changed.fill(pixels[pixel] ?? 0, pixel * 3, pixel * 3 + 3);
    else changed[pixel] = luma(pixels[pixel * 3] ?? 0, pixels[pixel * 3 + 1] ?? 0, pixels[pixel * 3 + 2] ?? 0);
  }
  return { width, height, channels, pixels: changed };
}
