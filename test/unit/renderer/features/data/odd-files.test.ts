import { expect, test } from 'vitest';
import type { ImportRow } from '#contract/data.ts';
import { filteredRows, oddSums } from '#features/data/odd-files.ts';

const rows: ImportRow[] = [
  { file: 'cat/a.jpg', oddity: 'rotated', outcome: 'repaired' },
  { file: 'cat/b.jpg', oddity: 'rotated', outcome: 'repaired' },
  { file: 'dog/A.png', oddity: 'empty', outcome: 'skipped' },
  { file: 'dog/c.png', oddity: 'duplicate', outcome: 'used', detail: 'dog/d.png' },
];

test('what was skipped comes first, then what was repaired', () => {
  expect(oddSums(rows)).toEqual([
    { oddity: 'empty', outcome: 'skipped', files: 1 },
    { oddity: 'rotated', outcome: 'repaired', files: 2 },
    { oddity: 'duplicate', outcome: 'used', files: 1 },
  ]);
});

test.each([
  { oddity: 'all', outcome: 'all', text: '', files: 4 },
  { oddity: 'rotated', outcome: 'all', text: '', files: 2 },
  { oddity: 'rotated', outcome: 'skipped', text: '', files: 0 },
  { oddity: 'all', outcome: 'all', text: ' a.', files: 2 },
] as const)('$oddity, $outcome, "$text": $files rows', ({ files, ...filter }) => {
  expect(filteredRows(rows, filter)).toHaveLength(files);
});
