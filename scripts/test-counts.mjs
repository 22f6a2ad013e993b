import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @returns {Counts | undefined} what vitest's JSON report counts; a file that did not load is one failure */
export function vitestCounts(file) {
  const report = read(file);
  if (!report) return undefined;
  const unloaded = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @returns {Counts | undefined} what Playwright's JSON report counts; a test that passed on another try has failed */
export function playwrightCounts(file) {
  const report = read(file);
  if (!report) return undefined;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + (report.errors?.length ?? 0), skipped };
}

/** A stage that ended badly without a failed test, or without a report, has failed once. */
export function countsOf(result, counts) {
  const known = counts ?? { passed: 0, failed: 0, skipped: 0 };
  return result.ok || known.failed > 0 ? known : { ...known, failed: 1 };
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
