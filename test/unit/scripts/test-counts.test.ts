import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { countsOf, playwrightCounts, vitestCounts } from '../../../scripts/test-counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'heatlens-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(content: object): string {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const red = (words: string) => `\u001b[31m${words}\u001b[39m\n    at somewhere`;

describe('what the tests of a stage came to', () => {
  it('of vitest: failed tests and files that did not load are counted and named', () => {
    const file = report({
      ...{ numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0 },
      testResults: [
        {
          ...{ name: join(process.cwd(), 'test/unit/one.test.ts'), status: 'failed' },
          assertionResults: [
            { status: 'passed', fullName: 'is right', failureMessages: [] },
            { status: 'failed', fullName: 'a heat is drawn', failureMessages: [red('expected 1 to be 2')] },
          ],
        },
        {
          name: join(process.cwd(), 'test/two.test.ts'),
          status: 'failed',
          message: 'no such file',
          assertionResults: [],
        },
      ],
    });
    expect(vitestCounts(file)).toEqual({
      ...{ passed: 3, failed: 2, skipped: 2 },
      names: [
        'test/two.test.ts did not load: no such file',
        'test/unit/one.test.ts › a heat is drawn: expected 1 to be 2',
      ],
    });
  });

  it('of Playwright: unexpected and flaky tests are counted and named, however deep they lie', () => {
    const spec = (title: string, status: string, said?: string) => ({
      ...{ file: 'film.test.ts', title },
      tests: [{ projectName: 'electron', status, results: [{ ...(said && { error: { message: red(said) } }) }] }],
    });
    const file = report({
      stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [],
      suites: [
        {
          specs: [spec('a', 'expected'), spec('b', 'unexpected', 'gone')],
          suites: [{ specs: [spec('c', 'flaky', 'late')] }],
        },
      ],
    });
    expect(playwrightCounts(file)).toEqual({
      ...{ passed: 1, failed: 2, skipped: 0 },
      names: ['film.test.ts [electron] › b (unexpected): gone', 'film.test.ts [electron] › c (flaky): late'],
    });
  });

  it('a stage that ended badly without a report has failed once', () => {
    expect(countsOf({ ok: false }, vitestCounts(join(folder, 'none.json')))).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });
});
