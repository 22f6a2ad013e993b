/** Colour maps as 256 RGB steps. A single hue for counts (confusion); heat maps come with the explanations. */

type Rgb = readonly [number, number, number];

function between(stops: readonly Rgb[], position: number): Rgb {
  const place = Math.min(1, Math.max(0, position)) * (stops.length - 1);
  const left = Math.floor(place);
  const from = stops[left] ?? [0, 0, 0];
  const to = stops[left + 1] ?? from;
  const part = place - left;
  return [0, 1, 2].map((c) => Math.round((from[c] ?? 0) * (1 - part) + (to[c] ?? 0) * part)) as unknown as Rgb;
}

const light: readonly Rgb[] = [
  [255, 255, 255],
  [222, 235, 247],
  [158, 202, 225],
  [66, 146, 198],
  [8, 81, 156],
  [8, 48, 107],
];
const dark: readonly Rgb[] = [
  [28, 28, 33],
  [22, 48, 74],
  [27, 84, 131],
  [52, 132, 189],
  [120, 183, 224],
  [214, 234, 248],
];

/** White to deep blue; on dark from panel to pale blue. `share` 0…1. After ColorBrewer's Blues. */
export function blues(share: number, onDark: boolean): string {
  return `rgb(${between(onDark ? dark : light, share).join(' ')})`;
}

/** Whether dark ink stands out better than light ink on this share of `blues`. */
export function inkOnBlues(share: number, onDark: boolean): string {
  return (onDark ? share > 0.55 : share < 0.5) ? '#1b1b1f' : '#ffffff';
}

const lightSides: readonly Rgb[] = [
  [127, 59, 8],
  [224, 130, 20],
  [253, 208, 162],
  [255, 255, 255],
  [198, 219, 239],
  [66, 146, 198],
  [8, 48, 107],
];
const darkSides: readonly Rgb[] = [
  [255, 205, 150],
  [224, 130, 20],
  [102, 62, 24],
  [28, 28, 33],
  [24, 60, 95],
  [66, 146, 198],
  [190, 222, 244],
];

/** Orange for what is less, blue for what is more, paper between; `value` −1…1. After ColorBrewer's PuOr and Blues. */
export function diverging(value: number, onDark: boolean): string {
  return `rgb(${between(onDark ? darkSides : lightSides, (value + 1) / 2).join(' ')})`;
}

/** Whether dark ink stands out better than light ink on this value of `diverging`. */
export function inkOnDiverging(value: number, onDark: boolean): string {
  return (onDark ? Math.abs(value) > 0.6 : Math.abs(value) < 0.62) ? '#1b1b1f' : '#ffffff';
}
