/** Text in columns. Numbers lean right, words left. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ''))));
  const right = head.map((_, column) => rows.length > 0 && rows.every((row) => isNumeric(row[column])));
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const space = ' '.repeat((widths[column] ?? 0) - width(cell));
          return right[column] ? space + cell : cell + space;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const percent = (part: number) => `${(part * 100).toFixed(2)}`;
export const figure = (value: number) => Number(value.toPrecision(4)).toString();
export const whole = (value: number) => Math.round(value).toLocaleString('en');

/** `41 s`, `1 min 40 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** Far-Eastern characters take two columns; class names may have them. */
function width(text: string): number {
  return [...text].reduce(
    (sum, sign) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(sign) ? 2 : 1),
    0,
  );
}

const isNumeric = (cell: string | number | undefined) =>
  typeof cell === 'number' || /^[-+]?[\d.,]+$|^–$/.test(cell ?? '');
