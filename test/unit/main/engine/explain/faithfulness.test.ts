import { expect, test } from 'vitest';
import { area, faithfulness } from '#engine/explain/faithfulness.ts';

const side = 12;
const shape = [side, side, 1] as const;
/** A bright square on black, in a Buffer as decoded pixels are. */
const pixels = Buffer.from(Uint8Array.from({ length: side * side }, (_, at) => (inSquare(at) ? 255 : 0)));
function inSquare(at: number): boolean {
  const [x, y] = [at % side, Math.floor(at / side)];
  return x >= 4 && x < 8 && y >= 4 && y < 8;
}
/** A network of two classes that counts bright pixels. */
const logits = (images: Uint8Array, count: number) =>
  Float32Array.from({ length: count * 2 }, (_, at) => {
    if (at % 2 === 1) return 0;
    const image = images.subarray((at / 2) * side * side, (at / 2 + 1) * side * side);
    return image.reduce((bright, level) => bright + (level > 200 ? 1 : 0), 0) - 8;
  });
const measured = (values: Float32Array) => ({
  ...{ pixels, shape, logits, class: 0, classes: 2 },
  map: { height: side, width: side, values },
});
const right = Float32Array.from(pixels, (level) => level / 255);
const wrong = right.map((value) => 1 - value);

test('a map that is right loses the class soon and finds it soon; chance lies between it and a wrong one', async () => {
  const told: number[] = [];
  const good = await faithfulness(measured(right), 24, { progress: (done, total) => told.push(done / total) });
  const bad = await faithfulness(measured(wrong), 24, {});
  expect(good.deletionArea).toBeLessThan(good.random.deletionArea);
  expect(good.insertionArea).toBeGreaterThan(good.random.insertionArea);
  expect(bad.deletionArea).toBeGreaterThan(good.random.deletionArea);
  expect(bad.insertionArea).toBeLessThan(good.random.insertionArea);
  expect(bad.random).toEqual(good.random);
  expect(told.at(-1)).toBe(1);
});

test('curves go from nothing changed to all changed, and both ends are those of chance', async () => {
  const { deletion, insertion, random } = await faithfulness(measured(right), 7, {});
  expect(deletion.map(([part]) => part)).toEqual(Array.from({ length: 8 }, (_, at) => at / 7));
  for (const end of [0, 7]) {
    expect(deletion[end]).toEqual(random.deletion[end]);
    expect(insertion[end]).toEqual(random.insertion[end]);
  }
  expect(deletion[0]).toEqual(insertion[7]!.with(0, 0));
});

test('it ends when nobody waits any more', async () => {
  const ended = AbortSignal.abort(new Error('left'));
  await expect(faithfulness(measured(right), 7, { signal: ended })).rejects.toThrow('left');
});

test.each([
  [
    [
      [0, 1],
      [1, 0],
    ],
    0.5,
  ],
  [
    [
      [0, 1],
      [0.5, 1],
      [1, 0],
    ],
    0.75,
  ],
] as [[number, number][], number][])('the area under %j is %s', (points, expected) => {
  expect(area(points)).toBe(expected);
});
