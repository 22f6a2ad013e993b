import type { FieldShape } from '#contract/layer-fields.ts';

export type FieldReading = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** A value as a person reads and types it: pairs as `3, 3`, sides as `top, bottom, left, right`. */
export function writeField(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.flat().map(numberText).join(', ');
  return typeof value === 'number' ? numberText(value) : String(value as string | boolean);
}

/** What was typed, as a value; one number alone stands for all of a pair or of the sides. */
export function readField(shape: FieldShape, text: string): FieldReading {
  const numbers = text
    .split(/[,;×\s]+/)
    .filter((part) => part !== '')
    .map(Number);
  const bad = { ok: false } as const;
  if (numbers.some((number) => !Number.isFinite(number))) return bad;
  const [first, second, third, fourth] = numbers;
  const { length } = numbers;
  switch (shape.kind) {
    case 'whole':
    case 'units':
      return length === 1 && Number.isInteger(first) ? { ok: true, value: first } : bad;
    case 'number':
      if (length === 0 && shape.optional) return { ok: true, value: undefined };
      return length === 1 && first !== undefined && first >= shape.least ? { ok: true, value: first } : bad;
    case 'pair':
      if (length === 1) return { ok: true, value: [first, first] };
      return length === 2 ? { ok: true, value: [first, second] } : bad;
    case 'sides': {
      if (length === 1) return { ok: true, value: sides(first, first, first, first) };
      if (length === 2) return { ok: true, value: sides(first, first, second, second) };
      return length === 4 ? { ok: true, value: sides(first, second, third, fourth) } : bad;
    }
    case 'list':
      return length > 0 || shape.empty ? { ok: true, value: numbers } : bad;
    case 'switch':
    case 'choice':
      return { ok: true, value: text };
  }
}

const sides = (...[top, bottom, left, right]: (number | undefined)[]) => [
  [top, bottom],
  [left, right],
];

/** 1/255 as 0.003922, 0.001 as it is. */
const numberText = (value: number) => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7))));
