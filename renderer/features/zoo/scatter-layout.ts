/** Where something is drawn, px. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end' | 'middle';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const lineHeight = 13;
const gap = 4;

/**
 * Names beside their bubbles, where they cover neither another bubble nor another name: to the right, to the left, above,
 * below. Null where there is no room; the pointer then tells. The first spots choose first.
 * @param widths of the names, px
 */
export function placeLabels(
  spots: readonly Spot[],
  widths: readonly number[],
  area: { readonly width: number; readonly height: number },
): (Label | null)[] {
  const taken: Box[] = spots.map(around);
  return spots.map((spot, place) => {
    const width = widths[place] ?? 0;
    for (const label of choices(spot)) {
      const box = boxOf(label, width);
      const inside = box.left >= 0 && box.right <= area.width && box.top >= 0 && box.bottom <= area.height;
      if (!inside || taken.some((other, number) => number !== place && overlap(box, other))) continue;
      taken.push(box);
      return label;
    }
    return null;
  });
}

const around = ({ x, y, radius }: Spot): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
});

function choices({ x, y, radius }: Spot): Label[] {
  const middle = y + lineHeight / 2 - 3;
  return [
    { x: x + radius + gap, y: middle, anchor: 'start' },
    { x: x - radius - gap, y: middle, anchor: 'end' },
    { x, y: y - radius - gap, anchor: 'middle' },
    { x, y: y + radius + lineHeight, anchor: 'middle' },
  ];
}

function boxOf({ x, y, anchor }: Label, width: number): Box {
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - lineHeight + 3, bottom: y + 3 };
}

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** 1, 2 and 5 of each decade between two positive numbers. */
export function roundTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let decade = 10 ** Math.floor(Math.log10(low)); decade <= high; decade *= 10) {
    for (const lead of [1, 2, 5]) if (lead * decade >= low && lead * decade <= high) ticks.push(lead * decade);
  }
  return ticks;
}
