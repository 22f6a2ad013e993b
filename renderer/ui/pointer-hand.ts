import type { Point } from './confusion-view.ts';

/** px that a press may move and still be a click. */
const slack = 4;

interface Hears {
  /** From now on this pointer is ours, wherever it goes. */
  hold(pointer: number): void;
  /** The pointer is here, and nothing is pressed; null while something is moved. */
  move(at: Point | null): void;
  click(at: Point): void;
  /** px since the last call. */
  drag(by: Point): void;
  /** Two fingers went apart by `factor`, about `at`. */
  pinch(factor: number, at: Point): void;
}

/** Clicks, drags and pinches from the pointers of one element. */
export class PointerHand {
  readonly #hears: Hears;
  readonly #down = new Map<number, Point>();
  /** Where a press began, as long as it may be a click. */
  #click: Point | null = null;

  constructor(hears: Hears) {
    this.#hears = hears;
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#hears.hold(event.pointerId);
    this.#down.set(event.pointerId, placeOf(event));
    this.#click = this.#down.size === 1 ? placeOf(event) : null;
  }

  moved(event: PointerEvent): void {
    const now = placeOf(event);
    const before = this.#down.get(event.pointerId);
    if (!before) {
      this.#hears.move(now);
      return;
    }
    if (this.#click && distance(this.#click, now) < slack) return;
    this.#click = null;
    this.#hears.move(null);
    const [other] = [...this.#down].filter(([id]) => id !== event.pointerId);
    this.#down.set(event.pointerId, now);
    if (!other) {
      this.#hears.drag({ x: now.x - before.x, y: now.y - before.y });
      return;
    }
    const [, still] = other;
    const factor = distance(now, still) / Math.max(1, distance(before, still));
    this.#hears.pinch(factor, { x: (now.x + still.x) / 2, y: (now.y + still.y) / 2 });
  }

  up(event: PointerEvent): void {
    if (this.#click && this.#down.has(event.pointerId)) this.#hears.click(this.#click);
    this.cancel(event);
  }

  cancel(event: PointerEvent): void {
    this.#down.delete(event.pointerId);
    this.#click = null;
  }
}

const placeOf = ({ offsetX, offsetY }: PointerEvent): Point => ({ x: offsetX, y: offsetY });
const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
