import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NetworkCheck, NetworkSpec } from '#contract/model.ts';
import { newLayer } from '#contract/layer-fields.ts';
import type { Link } from '#page-link/index.ts';
import { NetworkEditor } from '#state/network-editor.svelte.ts';

const spec: NetworkSpec = {
  ...{ id: 'own-one', name: 'One', input: [8, 8, 3], preprocessing: 'none', source: '' },
  layers: [newLayer('Flatten', 'flatten'), newLayer('Dense', 'dense')],
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An editor on an engine that answers when it is told to. */
function open() {
  const saves: NetworkSpec[] = [];
  const checks: { spec: NetworkSpec; answer: (check: NetworkCheck) => void }[] = [];
  const model = {
    save: ({ spec: kept }: { spec: NetworkSpec }) => Promise.resolve(void saves.push(kept)),
    check: ({ spec: asked }: { spec: NetworkSpec }) =>
      new Promise<NetworkCheck>((answer) => void checks.push({ spec: asked, answer })),
  };
  const link = { engine: { model } } as unknown as Link;
  const saved = vi.fn();
  const failed = vi.fn();
  return { editor: new NetworkEditor({ link, id: 'own-one', spec, saved, failed }), saves, checks, saved, failed };
}

const names = (editor: NetworkEditor) => editor.spec.layers.map(({ name }) => name);

test('every step can be taken back and done again; a new one ends the way forward', () => {
  const { editor } = open();
  editor.select('flatten');
  editor.add('Dropout');
  editor.move('dropout', 1);
  expect(names(editor)).toEqual(['flatten', 'dense', 'dropout']);
  editor.undo();
  expect(names(editor)).toEqual(['flatten', 'dropout', 'dense']);
  editor.undo();
  expect(names(editor)).toEqual(['flatten', 'dense']);
  expect(editor.canUndo).toBe(false);
  editor.redo();
  expect(names(editor)).toEqual(['flatten', 'dropout', 'dense']);
  editor.remove('dropout');
  expect(editor.canRedo).toBe(false);
});

test('what is typed in one field is one step, after a while another', () => {
  const { editor } = open();
  for (const units of [1, 12, 128]) editor.change('dense', 'units', units);
  vi.advanceTimersByTime(5000);
  editor.change('dense', 'units', 64);
  editor.undo();
  expect(editor.spec.layers[1]).toMatchObject({ units: 128 });
  editor.undo();
  expect(editor.spec).toBe(spec);
});

test('the selection follows: to what was added, to the next when one goes, to the new name', () => {
  const { editor } = open();
  expect(editor.selected?.name).toBe('flatten');
  editor.add('ReLU');
  expect(editor.selected?.name).toBe('re_lu');
  editor.change('re_lu', 'name', 'sharp');
  expect(editor.selected?.name).toBe('sharp');
  editor.undo();
  expect(editor.selected?.name).toBe('re_lu');
  editor.select('dense');
  editor.remove('dense');
  expect(editor.selected?.name).toBe('re_lu');
});

test('it is kept once the changes pause, and before it is put away', async () => {
  const { editor, saves, saved } = open();
  editor.set({ name: 'Two' });
  editor.change('dense', 'units', 7);
  expect(saves).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(saves.map(({ name }) => name)).toEqual(['Two']);
  expect(saved).toHaveBeenCalledOnce();
  editor.set({ name: 'Three' });
  await editor.settle();
  expect(saves.map(({ name }) => name)).toEqual(['Two', 'Three']);
});

test('a change that cannot be is none', async () => {
  const { editor, saves } = open();
  expect(editor.change('dense', 'units', 0)).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect([editor.canUndo, saves.length]).toEqual([false, 0]);
});

test('the answer to an older question does not stand for the newer', async () => {
  const { editor, checks } = open();
  editor.checkFor('mnist');
  await vi.advanceTimersByTimeAsync(200);
  editor.change('dense', 'units', 7);
  await vi.advanceTimersByTimeAsync(200);
  expect(checks).toHaveLength(2);
  const newer: NetworkCheck = { layers: [], errors: [] };
  checks[1]!.answer(newer);
  checks[0]!.answer({ layers: [], errors: [] });
  await vi.advanceTimersByTimeAsync(0);
  expect(editor.check).toBe(newer);
});

test('once closed nothing is kept or checked', async () => {
  const { editor, saves, checks } = open();
  editor.checkFor('mnist');
  editor.change('dense', 'units', 7);
  editor.close();
  await vi.advanceTimersByTimeAsync(2000);
  expect([saves.length, checks.length]).toEqual([0, 0]);
});
