/** One way to draw, on a canvas for the screen and as SVG for a file. Lengths in px. */
export interface Pen {
  rect(x: number, y: number, width: number, height: number, fill: string): void;
  outline(x: number, y: number, width: number, height: number, stroke: string, thickness: number): void;
  line(fromX: number, fromY: number, toX: number, toY: number, stroke: string, thickness?: number): void;
  text(words: string, x: number, y: number, look: TextLook): void;
  /** What `work` draws is seen only inside. */
  inside(x: number, y: number, width: number, height: number, work: () => void): void;
}

export interface TextLook {
  readonly fill: string;
  readonly size: number;
  readonly align: 'left' | 'center' | 'right';
  /** Reading from below to above, turned about (x, y). */
  readonly turned?: boolean;
}

export function canvasPen(context: CanvasRenderingContext2D, font: string): Pen {
  // A canvas reads a colour anew each time it is set; of thousands of cells most have the colour of the one before.
  let filled = '';
  return {
    rect(x, y, width, height, fill) {
      if (fill !== filled) context.fillStyle = filled = fill;
      context.fillRect(x, y, width, height);
    },
    outline(x, y, width, height, stroke, thickness) {
      context.strokeStyle = stroke;
      context.lineWidth = thickness;
      context.strokeRect(x, y, width, height);
    },
    line(fromX, fromY, toX, toY, stroke, thickness = 1) {
      context.strokeStyle = stroke;
      context.lineWidth = thickness;
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
      context.stroke();
    },
    text(words, x, y, { fill, size, align, turned }) {
      context.save();
      context.fillStyle = fill;
      context.font = `${size}px ${font}`;
      context.textAlign = align;
      context.textBaseline = 'middle';
      context.translate(x, y);
      if (turned) context.rotate(-Math.PI / 2);
      context.fillText(words, 0, 0);
      context.restore();
    },
    inside(x, y, width, height, work) {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      filled = '';
      work();
      context.restore();
      filled = '';
    },
  };
}

const anchors = { left: 'start', center: 'middle', right: 'end' } as const;

/** `finish` gives the file once all is drawn. */
export function svgPen(width: number, height: number, background: string, font: string): Pen & { finish(): string } {
  const parts: string[] = [];
  let clips = 0;
  const n = (value: number) => String(Math.round(value * 100) / 100);
  const box = (x: number, y: number, w: number, h: number) =>
    `x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"`;
  return {
    rect: (x, y, w, h, fill) => void parts.push(`<rect ${box(x, y, w, h)} fill="${fill}"/>`),
    outline: (x, y, w, h, stroke, thickness) =>
      void parts.push(`<rect ${box(x, y, w, h)} fill="none" stroke="${stroke}" stroke-width="${thickness}"/>`),
    line: (fromX, fromY, toX, toY, stroke, thickness = 1) =>
      void parts.push(
        `<path d="M${n(fromX)} ${n(fromY)}L${n(toX)} ${n(toY)}" stroke="${stroke}" stroke-width="${thickness}"/>`,
      ),
    text: (words, x, y, { fill, size, align, turned }) => {
      const turn = turned ? ` transform="rotate(-90 ${n(x)} ${n(y)})"` : '';
      const place = `x="${n(x)}" y="${n(y)}" dy="0.35em" text-anchor="${anchors[align]}"`;
      parts.push(`<text ${place} font-size="${size}" fill="${fill}"${turn}>${escaped(words)}</text>`);
    },
    inside(x, y, w, h, work) {
      const id = `clip${++clips}`;
      parts.push(`<clipPath id="${id}"><rect ${box(x, y, w, h)}/></clipPath><g clip-path="url(#${id})">`);
      work();
      parts.push('</g>');
    },
    finish: () =>
      [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" font-family="${escaped(font)}">`,
        `<rect width="100%" height="100%" fill="${background}"/>`,
        ...parts,
        '</svg>\n',
      ].join('\n'),
  };
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** About as much of a text as fits; nothing is measured, so that a canvas and a file have the same. */
export function fittedText(words: string, size: number, room: number): string {
  let used = 0;
  const signs = [...words];
  for (const [place, sign] of signs.entries()) {
    used += textWidth(sign, size);
    if (used > room)
      return place < 2
        ? ''
        : `${signs
            .slice(0, place - 1)
            .join('')
            .trimEnd()}…`;
  }
  return words;
}

/** px, about: Latin letters are some three fifths as wide as high, Han characters are square. */
export function textWidth(words: string, size: number): number {
  let width = 0;
  for (const sign of words) width += (sign.codePointAt(0) ?? 0) > 0x2e7f ? size : size * 0.6;
  return width;
}
