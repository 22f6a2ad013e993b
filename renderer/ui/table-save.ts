import { csv } from '#contract/csv.ts';

/** A table without its looks: what is saved and copied. `null` = nothing there. */
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** Figures as they are, unrounded: 0.98725, not `98.7 %`. */
export type TableCell = string | number | null;

const text = (cell: TableCell) => (cell === null ? '' : String(cell));

/** Figures in full. */
export function tableCsv({ columns, rows }: TableData): string {
  return csv([columns, ...rows.map((row) => row.map(text))]);
}

/** What a spreadsheet takes from the clipboard: tabs between cells, and none within them. */
export function tableTsv({ columns, rows }: TableData): string {
  const line = (cells: readonly TableCell[]) => cells.map((cell) => text(cell).replace(/[\t\r\n]+/g, ' ')).join('\t');
  return [columns, ...rows].map(line).join('\n') + '\n';
}

/** What a word processor takes. */
export function tableHtml({ columns, rows }: TableData): string {
  const row = (cells: readonly TableCell[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(text(cell))}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${row(columns, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
}

/**
 * A `tabular` for a paper, with the rules of the package booktabs. Columns of figures lean right; figures have five
 * significant digits, for a table that is read.
 */
export function tableLatex({ columns, rows }: TableData): string {
  const line = (cells: readonly string[]) => `  ${cells.join(' & ')} \\\\`;
  const shape = columns.map((_, place) => {
    const cells = rows.map((row) => row[place] ?? null).filter((cell) => cell !== null);
    return cells.length > 0 && cells.every((cell) => typeof cell === 'number') ? 'r' : 'l';
  });
  return [
    '% \\usepackage{booktabs}',
    `\\begin{tabular}{${shape.join('')}}`,
    '  \\toprule',
    line(columns.map(escapeLatex)),
    '  \\midrule',
    ...rows.map((row) => line(columns.map((_, place) => latexCell(row[place] ?? null)))),
    '  \\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

function latexCell(cell: TableCell): string {
  if (cell === null) return '--';
  if (typeof cell === 'string') return escapeLatex(cell);
  if (Number.isNaN(cell)) return 'NaN';
  if (!Number.isFinite(cell)) return cell > 0 ? '$\\infty$' : '$-\\infty$';
  const rounded = Number.isInteger(cell) ? cell : Number(cell.toPrecision(5));
  const shown = cell !== 0 && Math.abs(cell) < 1e-4 ? rounded.toExponential() : String(rounded);
  const [mantissa, exponent] = shown.split('e');
  if (exponent !== undefined) {
    const power = `10^{${Number(exponent)}}`;
    return mantissa === '1' ? `$${power}$` : `$${mantissa ?? ''} \\times ${power}$`;
  }
  // In a formula the sign is a minus, beside it a hyphen.
  return cell < 0 ? `$${shown}$` : shown;
}

const latexSigns: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  '–': '--',
  '×': '$\\times$',
  '∞': '$\\infty$',
  '±': '$\\pm$',
  λ: '$\\lambda$',
};

/** Any text as LaTeX sets it literally; all signs at once, so that what one becomes is not escaped again. */
export function escapeLatex(words: string): string {
  return words.replace(/[\r\n\t]+/g, ' ').replace(/[&%$#_{}\\~^<>|"–×∞±λ]/g, (sign) => latexSigns[sign] ?? `\\${sign}`);
}

function escapeHtml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
