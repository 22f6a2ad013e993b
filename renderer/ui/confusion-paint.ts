import { blues, diverging, inkOnBlues, inkOnDiverging } from './colour-maps.ts';
import type { Area, View } from './confusion-view.ts';
import { fittedText, textWidth, type Pen } from './pens.ts';
import type { Ink } from './theme.ts';

/** A matrix in the order in which it is drawn. */
export interface Scene {
  /** The names of its rows and of its columns. */
  readonly names: readonly string[];
  /** Weakest first, so that where a pixel holds several the strongest is seen. */
  readonly cells: readonly SceneCell[];
  readonly figure: (value: number) => string;
  /** Before these places a group begins. */
  readonly borders: readonly number[];
  /** Differences have colours of two kinds. */
  readonly signed: boolean;
  readonly trueTitle: string;
  readonly predictedTitle: string;
}

export interface SceneCell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  /** −1…1 */
  readonly strength: number;
}

export interface Marks {
  readonly selected: Place | null;
  readonly focused: Place | null;
  readonly hovered: Place | null;
}

export const unmarked: Marks = { selected: null, focused: null, hovered: null };

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Look {
  readonly ink: Ink;
  readonly dark: boolean;
}

const nameSize = 11;
const titleSize = 12;
/** px from which cells hold their figures, and from which gaps are between them. */
const figuresFrom = 30;
const gapsFrom = 7;
/** px from which column names are level, and the room above them then. */
const levelFrom = 44;
const levelTop = 38;
/** px between two names of an axis. */
const nameStep = 13;

/** Where the cells have room on a picture of this size. */
export function areaFor(width: number, height: number, names: readonly string[]): Area {
  const longest = names.reduce((most, name) => Math.max(most, textWidth(name, nameSize)), 0);
  const x = 22 + Math.min(116, longest) + 8;
  const level = Math.min(width - x, height - levelTop) / names.length >= levelFrom;
  const y = level ? levelTop : 22 + Math.min(88, longest) + 6;
  return { x, y, width: Math.max(40, width - x - 1), height: Math.max(40, height - y - 1), count: names.length };
}

export function paint(pen: Pen, scene: Scene, area: Area, view: View, marks: Marks, look: Look): void {
  const seen = {
    width: Math.min(area.width, (area.count - view.left) * view.size),
    height: Math.min(area.height, (area.count - view.top) * view.size),
  };
  const colour = scene.signed ? diverging : blues;
  pen.rect(area.x, area.y, seen.width, seen.height, colour(0, look.dark));
  pen.inside(area.x, area.y, seen.width, seen.height, () => {
    paintCells(pen, scene, area, view, look);
    paintBorders(pen, scene, area, view, look);
    paintMarks(pen, area, view, marks, look);
  });
  pen.outline(area.x - 0.5, area.y - 0.5, seen.width + 1, seen.height + 1, look.ink.line, 1);
  paintNames(pen, scene, area, view, marks, look);
  const title = { fill: look.ink.quiet, size: titleSize, align: 'center' } as const;
  pen.text(scene.predictedTitle, area.x + seen.width / 2, view.size >= levelFrom ? area.y - 28 : 9, title);
  pen.text(scene.trueTitle, 9, area.y + seen.height / 2, { ...title, turned: true });
}

function paintCells(pen: Pen, scene: Scene, area: Area, view: View, { dark }: Look): void {
  const gap = view.size >= gapsFrom ? 1 : 0;
  const side = Math.max(1, view.size - gap);
  const colour = scene.signed ? diverging : blues;
  const inkOn = scene.signed ? inkOnDiverging : inkOnBlues;
  const colours = new Map<number, string>();
  const colourOf = (step: number) => {
    const known = colours.get(step) ?? colour(step, dark);
    colours.set(step, known);
    return known;
  };
  for (const { row, column, value, strength } of scene.cells) {
    const x = area.x + (column - view.left) * view.size;
    const y = area.y + (row - view.top) * view.size;
    if (x + side < area.x || y + side < area.y || x > area.x + area.width || y > area.y + area.height) continue;
    // In steps, so that few colours are set; the faintest is still seen, be it one pixel.
    const step = Math.sign(strength) * Math.max(view.size < 3 ? 0.3 : 0.08, Math.round(Math.abs(strength) * 64) / 64);
    pen.rect(x, y, side, side, colourOf(step));
    if (view.size < figuresFrom) continue;
    const size = Math.min(13, Math.max(9, view.size / 3.2));
    const words = scene.figure(value);
    if (textWidth(words, size) < side)
      pen.text(words, x + side / 2, y + side / 2, { fill: inkOn(step, dark), size, align: 'center' });
  }
}

function paintBorders(pen: Pen, { borders }: Scene, area: Area, view: View, { ink }: Look): void {
  for (const place of borders) {
    const x = Math.round(area.x + (place - view.left) * view.size) - 0.5;
    const y = Math.round(area.y + (place - view.top) * view.size) - 0.5;
    pen.line(x, area.y, x, area.y + area.height, ink.lineStrong);
    pen.line(area.x, y, area.x + area.width, y, ink.lineStrong);
  }
}

function paintMarks(pen: Pen, area: Area, view: View, { selected, focused, hovered }: Marks, { ink }: Look): void {
  const around = (place: Place | null, stroke: string, thickness: number) => {
    if (!place) return;
    // A cell of a pixel is marked by a ring about it.
    const side = Math.max(view.size, 5);
    const out = (side - view.size) / 2;
    const x = area.x + (place.column - view.left) * view.size - out;
    const y = area.y + (place.row - view.top) * view.size - out;
    pen.outline(x, y, side - 1, side - 1, stroke, thickness);
  };
  around(hovered, ink.quiet, 1.5);
  around(focused, ink.ink, 2);
  around(selected, ink.accent, 2.5);
}

/** As many names as have room; that of the cell under the pointer is always there. */
function paintNames(pen: Pen, { names }: Scene, area: Area, view: View, marks: Marks, { ink }: Look): void {
  const every = Math.max(1, Math.ceil(nameStep / view.size));
  const marked = marks.hovered ?? marks.focused ?? marks.selected;
  const level = view.size >= levelFrom;
  const room = { row: area.x - 30, column: level ? view.size - 4 : area.y - 28 };
  const shown = (first: number, length: number, own: number | undefined) => {
    const places: number[] = [];
    const last = Math.min(area.count - 1, Math.floor(first + length / view.size - 0.4));
    for (let place = Math.max(0, Math.ceil(first - 0.4)); place <= last; place++) {
      const near = own !== undefined && place !== own && Math.abs(place - own) * view.size < nameStep;
      if (place === own || (place % every === 0 && !near)) places.push(place);
    }
    return places;
  };
  for (const place of shown(view.top, area.height, marked?.row)) {
    const y = area.y + (place + 0.5 - view.top) * view.size;
    const fill = place === marked?.row ? ink.ink : ink.quiet;
    const words = fittedText(names[place] ?? '', nameSize, room.row);
    pen.text(words, area.x - 6, y, { fill, size: nameSize, align: 'right' });
  }
  for (const place of shown(view.left, area.width, marked?.column)) {
    const x = area.x + (place + 0.5 - view.left) * view.size;
    const fill = place === marked?.column ? ink.ink : ink.quiet;
    const words = fittedText(names[place] ?? '', nameSize, room.column);
    if (level) pen.text(words, x, area.y - 10, { fill, size: nameSize, align: 'center' });
    else pen.text(words, x, area.y - 6, { fill, size: nameSize, align: 'left', turned: true });
  }
}
