import { describe, expect, test } from 'vitest';
import { augmentation, augmentationOp, type AugmentationOp } from '#contract/augmentation.ts';
import { AugmentationEdits } from '#state/augmentation-edits.svelte.ts';
import {
  brief,
  moved,
  newOp,
  noAugmentation,
  numberOf,
  opKinds,
  opNumbers,
  probability,
  removed,
  someImages,
  starters,
  withNumber,
} from '#state/augmentation.ts';

const rotation: AugmentationOp = { op: 'rotation', degrees: 10 };
const zoom: AugmentationOp = { op: 'zoom', low: 0.9, high: 1.1 };
const flip: AugmentationOp = { op: 'flip-left-right' };

describe.each(opKinds)('%s', (kind) => {
  test('as it is added, and with any of its numbers at a limit, is one that the engine takes', () => {
    const op = newOp(kind);
    expect(augmentationOp.parse(op)).toEqual(op);
    for (const number of [...opNumbers[kind], probability]) {
      for (const to of [-1000, number.low, number.high, 1000]) {
        const set = withNumber(op, number, to);
        expect(augmentationOp.safeParse(set).error).toBeUndefined();
        expect(numberOf(set, number.key)).toBe(to <= number.low ? number.low : number.high);
      }
    }
  });

  test('shows every number that the contract has for it', () => {
    const known = augmentationOp.options.find(({ shape }) => shape.op.value === kind)!.shape;
    const numbers = Object.keys(known).filter((key) => !['op', 'together'].includes(key));
    expect([...opNumbers[kind], probability].map(({ key }) => key)).toEqual(expect.arrayContaining(numbers));
  });
});

test.each(Object.entries(starters))('"%s" is what the engine takes', (_, starter) => {
  expect(augmentation.parse(starter)).toEqual(starter);
});

test('an end of a range that is pulled past the other takes it along', () => {
  const [low, high] = opNumbers.zoom;
  expect(withNumber(zoom, low!, 1.5)).toMatchObject({ low: 1.5, high: 1.5 });
  expect(withNumber(zoom, high!, 0.5)).toMatchObject({ low: 0.5, high: 0.5 });
  expect(withNumber(zoom, low!, 1)).toMatchObject({ low: 1, high: 1.1 });
});

test('a probability that is the usual one is not said', () => {
  expect(withNumber(flip, probability, 0.3)).toEqual({ ...flip, probability: 0.3 });
  expect(withNumber({ ...flip, probability: 0.3 }, probability, 0.5)).toEqual(flip);
  expect(withNumber({ ...rotation, probability: 0.5 }, probability, 1)).toEqual(rotation);
});

test('numbers are told in the units in which they are shown', () => {
  expect(brief({ op: 'hue', delta: 0.1 })).toEqual({ delta: 36, probability: 100 });
  expect(brief({ op: 'shift', width: 0.07, height: 0.29 })).toMatchObject({ width: 7, height: 29 });
  expect(brief(flip)).toEqual({ probability: 50 });
});

test('ops move by one place and stay at the ends', () => {
  const ops = [rotation, zoom, flip];
  expect(moved(ops, 0, 1)).toEqual([zoom, rotation, flip]);
  expect(moved(ops, 2, -1)).toEqual([rotation, flip, zoom]);
  expect(moved(ops, 0, -1)).toEqual(ops);
  expect(moved(ops, 2, 1)).toEqual(ops);
  expect(removed(ops, 1)).toEqual([rotation, flip]);
});

test('images of the preview are different ones, of the set, and others at each draw', () => {
  const draws = [0, 1, 2, 3].map((draw) => someImages(3, 50_000, draw));
  expect(new Set(draws.flat()).size).toBe(12);
  expect(Math.max(...draws.flat())).toBeLessThan(50_000);
  expect(someImages(3, 2, 5).sort()).toEqual([0, 1]);
  expect(someImages(3, 0, 0)).toEqual([]);
});

describe('undo', () => {
  function edits() {
    let now = noAugmentation;
    return new AugmentationEdits(
      () => now,
      (next) => (now = next),
    );
  }

  test('goes back change by change and forth again, until something else is done', () => {
    const made = edits();
    made.set({ ops: [rotation] });
    made.set({ fill: 'wrap' });
    made.undo();
    expect(made.now).toEqual({ ...noAugmentation, ops: [rotation] });
    made.redo();
    expect(made.now.fill).toBe('wrap');
    made.undo();
    made.undo();
    expect([made.now, made.canUndo, made.canRedo]).toEqual([noAugmentation, false, true]);
    made.set({ ops: [flip] });
    expect(made.canRedo).toBe(false);
    made.redo();
    expect(made.now.ops).toEqual([flip]);
  });

  test('a slider being pulled is one step', () => {
    const made = edits();
    made.set({ ops: [rotation] });
    for (const degrees of [11, 12, 13]) made.set({ ops: [{ op: 'rotation', degrees }] }, '0.degrees');
    made.set({ ops: [{ op: 'rotation', degrees: 13, probability: 0.4 }] }, '0.probability');
    made.undo();
    expect(made.now.ops).toEqual([{ op: 'rotation', degrees: 13 }]);
    made.undo();
    expect(made.now.ops).toEqual([rotation]);
  });
});
