import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { RunDetail } from '#contract/training.ts';
import { readCsv } from './program-project.ts';

/** Losses further apart than this are not the same run's. */
const near = 1e-4;

/** Losses of every step that a program made are those of the run. @param out its folder @param from its first epoch */
export function stepsAgree(run: RunDetail, out: string, what: string, from = 1): void {
  const batches = run.batches.filter(({ epoch }) => epoch >= from);
  const steps = readCsv(path.join(out, 'steps.csv'));
  expect(steps.length, what).toBe(batches.length);
  for (const [at, step] of steps.entries()) {
    expect(Math.abs(step['loss']! - batches[at]!.loss), `${what}, step ${at + 1}`).toBeLessThan(near);
  }
}

/** Steps, figures of every epoch, and those of the test are the run's. */
export function programAgrees(run: RunDetail, out: string, what: string, from = 1): void {
  stepsAgree(run, out, what, from);
  for (const [at, row] of readCsv(path.join(out, 'history.csv')).entries()) {
    const record = run.history[at + from - 1]!;
    const said = `${what}, epoch ${record.epoch}`;
    expect(row['learning_rate'], said).toBeCloseTo(record.learningRate, 7);
    expect(row['loss'], said).toBeCloseTo(record.loss, 3.5);
    if (record.valLoss !== undefined) expect(row['val_loss'], said).toBeCloseTo(record.valLoss, 3);
    for (const [name, value] of Object.entries(record.metrics ?? {})) {
      expect(row[name], `${said}, ${name}`).toBeCloseTo(value, 2);
    }
  }
  const results = path.join(out, 'results.json');
  expect(existsSync(results), what).toBe(run.test !== undefined);
  if (!run.test) return;
  const { test: tested } = JSON.parse(readFileSync(results, 'utf8')) as { test: { loss: number } };
  expect(tested.loss, what).toBeCloseTo(run.test.loss, 3);
}
