export type CifarKind = 'cifar10' | 'cifar100';

/** 32×32 pixels in three planes, red, green, blue. */
const planeBytes = 32 * 32;
export const imageBytes = 3 * planeBytes;

/** CIFAR-10 has one label byte before each image, CIFAR-100 the coarse and the fine one. */
export const labelBytes: Readonly<Record<CifarKind, number>> = { cifar10: 1, cifar100: 2 };

export const recordBytes = (kind: CifarKind): number => labelBytes[kind] + imageBytes;

/** Where records go. */
export interface RecordSink {
  /** [record, label byte] */
  readonly labels: Uint8Array;
  /** [record, height, width, channel]; absent = labels alone are wanted. */
  readonly pixels?: Uint8Array;
}

/** Takes records apart as bytes come, wherever the pieces are cut: planes become channels. */
export class RecordReader {
  readonly #kind: CifarKind;
  readonly #sink: RecordSink;
  #record: number;
  /** Within the record. */
  #at = 0;
  #bytes = 0;

  /** @param first the record of the sink that the first byte belongs to */
  constructor(kind: CifarKind, sink: RecordSink, first: number) {
    this.#kind = kind;
    this.#sink = sink;
    this.#record = first;
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.#bytes;
  }

  write(piece: Uint8Array): void {
    this.#bytes += piece.length;
    const before = labelBytes[this.#kind];
    for (let from = 0; from < piece.length;) {
      const inPlane = (this.#at - before) % planeBytes;
      const left = this.#at < before ? before - this.#at : planeBytes - inPlane;
      const run = piece.subarray(from, from + left);
      if (this.#at < before) this.#sink.labels.set(run, this.#record * before + this.#at);
      else this.#plane(run, inPlane, Math.floor((this.#at - before) / planeBytes));
      from += run.length;
      this.#at += run.length;
      if (this.#at < before + imageBytes) continue;
      this.#at = 0;
      this.#record++;
    }
  }

  #plane(run: Uint8Array, first: number, channel: number): void {
    const { pixels } = this.#sink;
    if (!pixels) return;
    let to = this.#record * imageBytes + first * 3 + channel;
    for (let place = 0; place < run.length; place++, to += 3) pixels[to] = run[place] ?? 0;
  }
}
