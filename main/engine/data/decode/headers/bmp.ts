import type { Facts } from './facts.ts';

/** Where things lie in a BMP. Rows are padded to four bytes. */
export interface BmpLayout {
  readonly width: number;
  readonly height: number;
  /** The first row is the uppermost. */
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly pixels: number;
  readonly rowBytes: number;
  readonly palette: { readonly at: number; readonly entry: 3 | 4; readonly count: number };
  /** Of 16 and 32 bits: which bits are red, green, blue and alpha (0 = none). */
  readonly masks: readonly [number, number, number, number];
}

const uncompressed = 0;
const bitFields = [3, 6];

/** BITMAPCOREHEADER and BITMAPINFOHEADER up to version 5. Fails: RangeError past the last byte. */
export function bmpLayout(bytes: Buffer): BmpLayout {
  const size = bytes.readUInt32LE(14);
  const core = size === 12;
  const width = core ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signed = core ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(core ? 24 : 28);
  const compression = core ? uncompressed : bytes.readUInt32LE(30);
  const used = core ? 0 : bytes.readUInt32LE(46);
  const mask = (place: number) => bytes.readUInt32LE(54 + 4 * place);
  const alpha = size >= 56 || compression === 6 ? 1 : 0;
  const masks = bitFields.includes(compression)
    ? ([mask(0), mask(1), mask(2), alpha ? mask(3) : 0] as const)
    : bits === 16
      ? ([0x7c00, 0x3e0, 0x1f, 0] as const)
      : ([0xff0000, 0xff00, 0xff, 0] as const);
  // After a header of the first version the masks lie where a palette would.
  const between = size === 40 && bitFields.includes(compression) ? 12 + 4 * alpha : 0;
  return {
    width,
    height: Math.abs(signed),
    topDown: signed < 0,
    bits,
    compression,
    pixels: bytes.readUInt32LE(10),
    rowBytes: Math.ceil((width * bits) / 32) * 4,
    palette: { at: 14 + size + between, entry: core ? 3 : 4, count: Math.min(used || 256, 2 ** Math.min(bits, 8)) },
    masks,
  };
}

export function bmpHeader(bytes: Buffer): Facts {
  const { width, height, bits, compression, pixels, rowBytes, masks } = bmpLayout(bytes);
  const known = [1, 4, 8, 16, 24, 32].includes(bits) && [uncompressed, ...bitFields].includes(compression);
  const legal = width > 0 && height > 0;
  return {
    width: legal ? width : 0,
    height: legal ? height : 0,
    orientation: 1,
    depth: 8,
    alpha: masks[3] !== 0,
    cut: known && legal && pixels + rowBytes * height > bytes.length,
    ...(!known && { unsupported: [1, 2].includes(compression) ? 'BMP with RLE' : `BMP of ${bits} bits` }),
  };
}
