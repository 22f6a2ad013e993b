/** Errors that are none of a picture's; stamps of MPEG program streams are rounded to the same tick here and there. */
const harmless = /Error (parsing|submitting) .*(option|attachment)|non monotonically increasing dts/;

/** What ffmpeg says of damage while it decodes. */
export class DamageCount {
  #errors = 0;
  #concealed = 0;
  #endsEarly = false;

  hear(line: string): void {
    // H.264 and its kind say once a frame that they made something up.
    if (/concealing \d+ DC/.test(line)) this.#concealed++;
    if (/partial file|ended prematurely|truncat|unexpected end of file|Packet corrupt/i.test(line))
      this.#endsEarly = true;
    if (/\[(error|fatal|panic)\]/.test(line) && !harmless.test(line)) this.#errors++;
  }

  get any(): boolean {
    return this.#errors + this.#concealed > 0;
  }

  /** The demuxer met the end of the file where there should have been more. */
  get endsEarly(): boolean {
    return this.#endsEarly;
  }

  /** Frames that are not as they were. */
  frames(lost: number, all: number): number {
    return Math.min(all, Math.max(lost, this.#concealed > 0 ? this.#concealed : this.#errors));
  }
}
