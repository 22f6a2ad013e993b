import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @typedef {{ passed: number, failed: number, skipped: number, names?: string[] }} Counts names of what failed */

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
    names: [
      ...unloaded.map((suite) => `${here(suite.name)} did not load: ${firstLine(suite.message)}`),
      ...report.testResults.flatMap((suite) =>
        suite.assertionResults
          .filter((test) => test.status === 'failed')
          .map((test) => `${here(suite.name)} › ${test.fullName}: ${firstLine(test.failureMessages[0])}`),
      ),
    ],
  };
}

/** @returns {Counts | undefined} what Playwright's JSON report counts; a test that passed on another try has failed */
export function playwrightCounts(file) {
  const report = read(file);
  if (!report) return undefined;
  const { expected, unexpected, flaky, skipped } = report.stats;
  const errors = report.errors ?? [];
  return {
    passed: expected,
    failed: unexpected + flaky + errors.length,
    skipped,
    names: [...errors.map((error) => firstLine(error.message)), ...report.suites.flatMap(failedIn)],
  };
}

function failedIn(suite) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ projectName, status, results }) => {
        const said = results.find(({ error }) => error)?.error.message;
        return `${spec.file} [${projectName}] › ${spec.title} (${status}): ${firstLine(said)}`;
      }),
  );
  return [...own, ...(suite.suites ?? []).flatMap(failedIn)];
}

const here = (file) => relative(process.cwd(), file);
// eslint-disable-next-line no-control-regex -- colours of a terminal
const firstLine = (message = '') => message.replace(/\u001b\[\d*m/g, '').split('\n')[0];

/** A stage that ended badly without a failed test, or without a report, has failed once. */
export function countsOf(result, counts) {
  const known = counts ?? { passed: 0, failed: 0, skipped: 0 };
  return result.ok || known.failed > 0 ? known : { ...known, failed: 1 };
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
