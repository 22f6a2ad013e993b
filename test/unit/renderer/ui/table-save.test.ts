import { describe, expect, test } from 'vitest';
import { escapeLatex, tableCsv, tableHtml, tableLatex, tableTsv, type TableData } from '#ui/table-save.ts';

const data: TableData = {
  columns: ['run', 'accuracy'],
  rows: [
    ['net_1, "wide"', 0.987654321],
    ['a\tb\nc', null],
  ],
};

describe('a table', () => {
  test('is saved as CSV with figures in full', () => {
    expect(tableCsv(data)).toBe('run,accuracy\r\n"net_1, ""wide""",0.987654321\r\n"a\tb\nc",\r\n');
  });

  test('is copied with tabs, and none within its cells', () => {
    expect(tableTsv(data)).toBe('run\taccuracy\nnet_1, "wide"\t0.987654321\na b c\t\n');
  });

  test('is copied as HTML in which no cell is markup', () => {
    expect(tableHtml({ columns: ['<b>'], rows: [['a & "b"']] })).toBe(
      '<table><thead><tr><th>&lt;b&gt;</th></tr></thead><tbody><tr><td>a &amp; &quot;b&quot;</td></tr></tbody></table>',
    );
  });

  test('is LaTeX with the rules of booktabs, figures to the right', () => {
    expect(tableLatex(data)).toBe(
      [
        '% \\usepackage{booktabs}',
        '\\begin{tabular}{lr}',
        '  \\toprule',
        '  run & accuracy \\\\',
        '  \\midrule',
        "  net\\_1, ''wide'' & 0.98765 \\\\",
        '  a b c & -- \\\\',
        '  \\bottomrule',
        '\\end{tabular}',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [1e-7, '$10^{-7}$'],
    [0.00001, '$10^{-5}$'],
    [0.0001, '0.0001'],
    [0, '0'],
    [1e21, '$10^{21}$'],
    [2.5e-9, '$2.5 \\times 10^{-9}$'],
    [-0.5, '$-0.5$'],
    [60_000, '60000'],
    [123_456_789, '123456789'],
    [Number.NaN, 'NaN'],
    [Infinity, '$\\infty$'],
    [-Infinity, '$-\\infty$'],
  ])('writes %d as %s', (value, cell) => {
    expect(tableLatex({ columns: ['x'], rows: [[value]] }).split('\n')[5]).toBe(`  ${cell} \\\\`);
  });
});

test.each([
  ['50 % & more_or #less', '50 \\% \\& more\\_or \\#less'],
  ['C:\\new & {x}', 'C:\\textbackslash{}new \\& \\{x\\}'],
  ['\\&', '\\textbackslash{}\\&'],
  ['a^2 ~ <b> | $5', 'a\\textasciicircum{}2 \\textasciitilde{} \\textless{}b\\textgreater{} \\textbar{} \\$5'],
  ['28×28', '28$\\times$28'],
  ['两层', '两层'],
])('LaTeX sets %s literally', (words, escaped) => {
  expect(escapeLatex(words)).toBe(escaped);
});
