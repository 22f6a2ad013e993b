import type { FitRule } from '#contract/data.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Where an image lies when it is brought into a frame by a rule; with `crop` it stands out of it. */
export function fitted(image: Size, frame: Size, fit: FitRule): Box {
  if (fit === 'stretch') return { x: 0, y: 0, ...frame };
  const across = frame.width / image.width;
  const down = frame.height / image.height;
  const scale = fit === 'crop' ? Math.max(across, down) : Math.min(across, down);
  const width = image.width * scale;
  const height = image.height * scale;
  return { x: (frame.width - width) / 2, y: (frame.height - height) / 2, width, height };
}

/** The largest box of these proportions in a square. */
export function within(size: Size, side: number): Size {
  const scale = side / Math.max(size.width, size.height);
  return { width: size.width * scale, height: size.height * scale };
}
