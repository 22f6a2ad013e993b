import type { HeatPlane } from '#contract/heat-plane.ts';

/** Where the maps lie, and how they lie there: float32 little-endian, one after the other. */
export interface MapsFile {
  readonly url: string;
  readonly frames: number;
  readonly height: number;
  readonly width: number;
}

/** Bytes; larger files are read piece by piece. */
const wholeLimit = 64 * 2 ** 20;
/** Bytes of one piece, and how many are kept. */
const pieceSize = 4 * 2 ** 20;
const piecesKept = 12;

/** The heat of every frame of a film. What is not here yet is null now and told when it has come. */
export class FilmMaps {
  readonly file: MapsFile;
  readonly #perPiece: number;
  readonly #pieces = new Map<number, Promise<Float32Array> | Float32Array>();
  readonly #come: (first: number, end: number) => void;
  readonly #failed: (thrown: unknown) => void;
  readonly #stop = new AbortController();

  /** @param come hears which frames [first, end) are here */
  constructor(
    file: MapsFile,
    come: (first: number, end: number) => void,
    failed: (thrown: unknown) => void,
    limits = { whole: wholeLimit, piece: pieceSize },
  ) {
    this.file = file;
    this.#come = come;
    this.#failed = failed;
    const bytes = file.height * file.width * 4;
    const whole = bytes * file.frames <= limits.whole;
    this.#perPiece = whole ? Math.max(1, file.frames) : Math.max(1, Math.floor(limits.piece / bytes));
  }

  /** Null while it is on its way; the piece after it is asked for as well, for films are played forward. */
  now(frame: number): HeatPlane | null {
    if (frame < 0 || frame >= this.file.frames) return null;
    const place = Math.floor(frame / this.#perPiece);
    const piece = this.#piece(place);
    if ((place + 1) * this.#perPiece < this.file.frames) void this.#piece(place + 1);
    return piece instanceof Float32Array ? this.#cut(piece, frame) : null;
  }

  /** At once where it is here. Null where it could not be read. */
  get(frame: number): HeatPlane | null | Promise<HeatPlane | null> {
    if (frame < 0 || frame >= this.file.frames) return null;
    const piece = this.#piece(Math.floor(frame / this.#perPiece));
    if (piece instanceof Float32Array) return this.#cut(piece, frame);
    return piece.then(
      (values) => this.#cut(values, frame),
      () => null,
    );
  }

  /** Ends what is under way. */
  close(): void {
    this.#stop.abort();
    this.#pieces.clear();
  }

  #cut(piece: Float32Array, frame: number): HeatPlane | null {
    const { height, width } = this.file;
    const from = (frame % this.#perPiece) * height * width;
    const values = piece.subarray(from, from + height * width);
    return values.length === height * width ? { height, width, values } : null;
  }

  #piece(place: number): Promise<Float32Array> | Float32Array {
    const known = this.#pieces.get(place);
    if (known) {
      // Used last, kept longest.
      this.#pieces.delete(place);
      this.#pieces.set(place, known);
      return known;
    }
    const asked = this.#fetch(place);
    this.#pieces.set(place, asked);
    for (const old of this.#pieces.keys()) {
      if (this.#pieces.size <= piecesKept) break;
      this.#pieces.delete(old);
    }
    asked.then(
      (values) => {
        if (this.#pieces.get(place) !== asked) return;
        this.#pieces.set(place, values);
        this.#come(place * this.#perPiece, Math.min(this.file.frames, (place + 1) * this.#perPiece));
      },
      (thrown: unknown) => {
        if (this.#stop.signal.aborted) return;
        // Kept as failed: not asked for again with every frame that is drawn.
        this.#failed(thrown);
      },
    );
    return asked;
  }

  async #fetch(place: number): Promise<Float32Array> {
    const { url, frames, height, width } = this.file;
    const bytes = height * width * 4;
    const first = place * this.#perPiece * bytes;
    const end = Math.min(frames, (place + 1) * this.#perPiece) * bytes;
    const part = this.#perPiece < frames;
    const answer = await fetch(url, {
      signal: this.#stop.signal,
      ...(part && { headers: { Range: `bytes=${first}-${end - 1}` } }),
    });
    if (!answer.ok) throw new Error(`the maps were answered with ${answer.status}`);
    const got = await answer.arrayBuffer();
    // Who does not know ranges sends all of it.
    return floats(part && answer.status === 200 ? got.slice(first, end) : got);
  }
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function floats(bytes: ArrayBuffer): Float32Array {
  const count = Math.floor(bytes.byteLength / 4);
  if (littleEndian) return new Float32Array(bytes, 0, count);
  const view = new DataView(bytes);
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true));
}
