import { describe, expect, test, vi } from 'vitest';
import type { EvaluationReport } from '#contract/evaluation.ts';
import { correct } from '#features/evaluate/correcting.ts';
import type { App } from '#state/app.svelte.ts';

describe('correcting', () => {
  const report = { dataset: 'd', split: 'test' } as EvaluationReport;
  const subject = { id: 'r', name: 'R', classes: ['cat', 'dog'], datasetName: 'D' };

  function world() {
    const told: { text: string; undo: () => void }[] = [];
    const calls = { relabelImages: vi.fn(() => Promise.resolve()), excludeImages: vi.fn(() => Promise.resolve()) };
    const datasets = { refresh: vi.fn(() => Promise.resolve()), undoEdit: vi.fn(() => Promise.resolve()) };
    const again = vi.fn(() => Promise.resolve());
    const app = {
      ...{ datasets, evaluation: { again }, link: { engine: { data: calls } } },
      t: (key: string, values: Record<string, unknown>) => `${key} ${JSON.stringify(values)}`,
      toasts: { undoable: (text: string, undo: () => void) => told.push({ text, undo }) },
      attempt: (work: () => Promise<void>) => work(),
    } as unknown as App;
    return { app, calls, datasets, again, told };
  }

  test('several images are one change, told with its undo, and measured anew', async () => {
    const { app, calls, datasets, again, told } = world();
    await correct(app, subject, report, [4, 9], 1);
    const images = [4, 9].map((index) => ({ split: 'test', index }));
    expect(calls.relabelImages).toHaveBeenCalledExactlyOnceWith({ dataset: 'd', images, label: 1 });
    expect(again).toHaveBeenCalledTimes(1);
    expect(told[0]?.text).toContain('relabelledMany {"index":4,"count":2,"label":"dog"}');
    told[0]?.undo();
    await vi.waitFor(() => expect(again).toHaveBeenCalledTimes(2));
    expect(datasets.undoEdit).toHaveBeenCalledWith('d');
  });

  test('one is left out, and nothing picked changes nothing', async () => {
    const { app, calls, again, told } = world();
    await correct(app, subject, report, [4], 'exclude');
    expect(calls.excludeImages).toHaveBeenCalledWith({ dataset: 'd', images: [{ split: 'test', index: 4 }] });
    expect(told[0]?.text).toContain('evaluate.correct.excluded ');
    await correct(app, subject, report, [], 0);
    expect(calls.relabelImages).not.toHaveBeenCalled();
    expect(again).toHaveBeenCalledTimes(1);
  });
});
