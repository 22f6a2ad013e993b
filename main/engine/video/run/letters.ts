import sharp from 'sharp';

/** Words as they are laid on pictures. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** 0…255 */
  readonly ink: Uint8Array;
  /** The row that letters stand on. */
  readonly line: number;
}

type Ink = Omit<Mask, 'line'>;

/** How much of a bar's height is below the line. */
const below = 0.21;
const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Letters of one size, drawn by Pango, which takes a sign from another font where one has it not (Chinese). */
export class Letters {
  /** px of the body. */
  readonly #size: number;
  #marker: Promise<Ink> | null = null;
  #advance: Promise<number> | null = null;
  readonly #pieces = new Map<string, Promise<Mask>>();

  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Pango's mark-up in words is no mark-up. Pango cuts off what is empty above and below: a bar before the text, cut off
   * again, tells where its line is.
   */
  async words(text: string): Promise<Mask> {
    const plain = text.replaceAll(/[&<>]/g, (sign) => signs[sign] ?? sign).replaceAll(/\p{Cc}/gu, ' ');
    this.#marker ??= this.#ink('|');
    const [marker, both] = await Promise.all([this.#marker, this.#ink(`|${plain}`)]);
    const from = Math.min(both.width, marker.width + 1);
    const width = Math.max(0, both.width - from);
    const ink = new Uint8Array(width * both.height);
    for (let y = 0; y < both.height; y++) {
      ink.set(both.ink.subarray(y * both.width + from, (y + 1) * both.width), y * width);
    }
    let foot = both.height;
    while (foot > 1 && (both.ink[(foot - 1) * both.width] ?? 0) === 0) foot--;
    return { width, height: both.height, ink, line: foot - Math.round(marker.height * below) };
  }

  /** `37 %`, of digits that are drawn once each: another number comes with nearly every frame, and drawing takes milliseconds. */
  async percent(whole: number): Promise<Mask> {
    const digits = [...whole.toString()];
    // All digits are equally wide in the fonts that are asked for.
    this.#advance ??= Promise.all([this.#ink('|0'), this.#ink('|00000')]).then(
      ([one, five]) => (five.width - one.width) / 4,
    );
    const advance = await this.#advance;
    const pieces = await Promise.all([...digits, ' %'].map((each) => this.#piece(each)));
    return joined(pieces, advance);
  }

  #piece(text: string): Promise<Mask> {
    const piece = this.#pieces.get(text) ?? this.words(text);
    this.#pieces.set(text, piece);
    return piece;
  }

  async #ink(plain: string): Promise<Ink> {
    const marked = `<span foreground="#ffffff">${plain}</span>`;
    const font = `Arial, DejaVu Sans, sans ${this.#size * 0.75}`;
    const { data, info } = await sharp({ text: { text: marked, font, rgba: true, dpi: 96 } })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const ink = new Uint8Array(info.width * info.height);
    for (let at = 0; at < ink.length; at++) ink[at] = data[at * info.channels + 3] ?? 0;
    return { width: info.width, height: info.height, ink };
  }
}

/** Beside each other on one line, each `advance` px after the one before. */
function joined(pieces: readonly Mask[], advance: number): Mask {
  const lefts = pieces.map((_, place) => Math.round(place * advance));
  const line = Math.max(...pieces.map((piece) => piece.line));
  const height = line + Math.max(...pieces.map((piece) => piece.height - piece.line));
  const width = Math.max(...pieces.map((piece, place) => (lefts[place] ?? 0) + piece.width));
  const ink = new Uint8Array(width * height);
  pieces.forEach((piece, place) => {
    for (let y = 0; y < piece.height; y++) {
      const to = (line - piece.line + y) * width + (lefts[place] ?? 0);
      for (let x = 0; x < piece.width; x++) {
        ink[to + x] = Math.max(ink[to + x] ?? 0, piece.ink[y * piece.width + x] ?? 0);
      }
    }
  });
  return { width, height, ink, line };
}
