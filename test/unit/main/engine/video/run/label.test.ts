import { expect, test } from 'vitest';
import { barStamp, Labels, type Stamp } from '#engine/video/run/label.ts';
import { barRoom } from '#engine/video/run/sizes.ts';

const view = { width: 640, height: 272 };
/** Pixels that are more white than not. */
const ink = ({ add }: Stamp) => add.filter((level) => level > 127).length / 3;

test('class and probability are drawn, the same words once', async () => {
  const labels = new Labels(view);
  const first = await labels.of('tandem bicycle', 0.871);
  expect(ink(first)).toBeGreaterThan(200);
  expect(await labels.of('tandem bicycle', 0.8749)).toBe(first);
  expect(await labels.of('tandem bicycle', 0.876)).not.toBe(first);
});

test.each(['<b>&amp; "quotes"</b>', '<span size="99999">', '\u0000\n\t', '自行车', 'a'.repeat(500), '', '%s %n'])(
  'a class named %j is drawn as it is, inside the view',
  async (name) => {
    const { width, height, keep, add } = await new Labels(view).of(name, 1);
    expect(width).toBeLessThanOrEqual(view.width);
    expect(height).toBeLessThan(view.height / 4);
    expect(ink({ width, height, keep, add })).toBeGreaterThan(30);
    // Laid on white, no level passes 255.
    expect(keep.every((kept, at) => ((255 * kept + 127) >> 8) + (add[at * 3] ?? 0) <= 255)).toBe(true);
  },
);

test('Chinese has letters of its own, not boxes', async () => {
  const [one, other] = await Promise.all(['自行车', '公共汽'].map((name) => new Labels(view).of(name, 1)));
  expect(one?.add).not.toEqual(other?.add);
});

test('strips are equally high, so that nothing jumps', async () => {
  const labels = new Labels(view);
  const heights = await Promise.all(['ace', 'glyph', 'Äj'].map(async (name) => (await labels.of(name, 0.5)).height));
  expect(new Set(heights).size).toBe(1);
});

test.each([16, 64, 1080])('a label fits a view of %i px', async (side) => {
  const { width, height } = await new Labels({ width: side, height: side }).of('chambered nautilus', 0.5);
  expect(width).toBeLessThanOrEqual(side);
  expect(height).toBeLessThanOrEqual(side);
});

test('the bar is as high as a view, hot above and cold below', async () => {
  const bar = await barStamp(view, 'jet');
  expect([bar.width, bar.height]).toEqual([barRoom(view), view.height]);
  const at = (y: number) => [...bar.add.subarray((y * bar.width + 10) * 3, (y * bar.width + 10) * 3 + 3)];
  const [hot, cold] = [at(16), at(view.height - 16)];
  expect(hot[0]).toBeGreaterThan(hot[2] ?? 0);
  expect(cold[2]).toBeGreaterThan(cold[0] ?? 0);
});
