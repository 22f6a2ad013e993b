import { AppError } from '#contract/failures.ts';

const space = 0x20;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const star = 0x2a;
const zero = 0x30;
const nine = 0x39;
/** A mark that some editors put before everything else. */
const byteOrderMark = [0xef, 0xbb, 0xbf];
/** Of one image: 2048×2048 in RGB. */
const mostValues = 2048 * 2048 * 3;

/**
 * Takes `label ** p0 p1 …` lines apart as bytes come: words between blanks, whole numbers 0…255, as many in every line.
 * Memory is taken for labels alone; `pixels`, when there, is filled line by line and has room for every line.
 */
export class TextParser {
  /** Of each image, in order. */
  readonly labels: number[] = [];
  readonly #file: string;
  readonly #pixels: Uint8Array | undefined;
  #values: number | undefined;
  #line = 1;
  /** Words of this line that are complete. */
  #words = 0;
  #label = 0;
  // Of the word that is being read:
  #number = 0;
  #digits = 0;
  #stars = 0;
  #bytes = 0;

  constructor(file: string, pixels?: Uint8Array) {
    this.#file = file;
    this.#pixels = pixels;
  }

  /** Values of each line; 0 before the first line has ended. */
  get values(): number {
    return this.#values ?? 0;
  }

  /** Fails: `data/text-line`. */
  write(piece: Uint8Array): void {
    for (const byte of piece) {
      this.#bytes++;
      if (byte >= zero && byte <= nine) {
        this.#number = this.#number * 10 + byte - zero;
        if (++this.#digits > 5) this.#refuse('a number has more than five digits');
      } else if (byte === space || byte === tab || byte === carriageReturn) this.#endWord();
      else if (byte === lineFeed) this.#endLine();
      else if (byte === star) this.#stars++;
      else if (this.#bytes > 3 || byte !== byteOrderMark[this.#bytes - 1]) {
        this.#refuse(`“${String.fromCharCode(byte)}” is neither a digit nor **`);
      }
    }
  }

  /** The last line may lack its end. Fails: `data/text-line`. */
  end(): void {
    this.#endLine();
  }

  #endWord(): void {
    if (this.#digits === 0 && this.#stars === 0) return;
    const number = this.#stars === 0 ? this.#number : undefined;
    const separator = this.#stars === 2 && this.#digits === 0;
    if (this.#words === 1 ? !separator : number === undefined) {
      this.#refuse(this.#words === 1 ? 'its second word is not **' : '** stands where a number is expected');
    } else if (this.#words === 0) this.#startLine(number ?? 0);
    else if (this.#words > 1) this.#value(number ?? 0);
    this.#words++;
    this.#number = this.#digits = this.#stars = 0;
  }

  #startLine(label: number): void {
    if (label > 0xffff) this.#refuse(`the label ${label} is above 65535`);
    this.#label = label;
  }

  #value(value: number): void {
    const place = this.#words - 2;
    if (value > 255) this.#refuse(`the value ${value} is above 255`);
    if (place >= (this.#values ?? mostValues)) {
      this.#refuse(`it has more than ${this.#values ?? mostValues} values`);
    }
    if (this.#pixels && this.#values !== undefined) this.#pixels[this.labels.length * this.#values + place] = value;
    else if (this.#pixels) this.#pixels[place] = value; // of the first line
  }

  #endLine(): void {
    this.#endWord();
    if (this.#words > 0) {
      const values = Math.max(0, this.#words - 2);
      if (values === 0) this.#refuse('it has no values');
      this.#values ??= values;
      if (values < this.#values) this.#refuse(`it has ${values} values; ${this.#values} were expected`);
      this.labels.push(this.#label);
    }
    this.#words = 0;
    this.#line++;
  }

  #refuse(problem: string): never {
    const details = { file: this.#file, line: this.#line, problem };
    throw new AppError('data/text-line', `Line ${this.#line} of ${this.#file}: ${problem}.`, details);
  }
}
