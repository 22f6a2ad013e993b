import { expect, test } from 'vitest';
import { frameColumns } from '#engine/video/frame-columns.ts';
import { frameCsv, frameJson } from '#engine/video/frame-table.ts';
import { someFrame } from '#test/support/films.ts';

async function* frames() {
  await Promise.resolve();
  yield someFrame(0);
  yield someFrame(1, { class: 7, centre: null });
}

async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

test('CSV has a line for each frame, quoted where needed, empty where there is nothing', async () => {
  const lines = (await whole(frameCsv(frames(), { class: 7, label: 'fox' }))).split('\r\n');
  expect(lines[0]?.split(',').slice(0, 11)).toEqual(
    [
      'frame',
      'seconds',
      'class',
      'label',
      'probability',
      'maximum',
      'centre x',
      'centre y',
      'class 1',
      'label 1',
    ].concat('probability 1'),
  );
  expect(lines[1]).toBe('0,0,1,"cat, ""tabby""",0.75,2,0.5,0.25,1,"cat, ""tabby""",0.75,0,dog,0.25,,,,,,,,,');
  expect(lines[2]).toBe('1,0.04,7,fox,0.75,2,,,1,"cat, ""tabby""",0.75,0,dog,0.25,,,,,,,,,');
  expect(lines.slice(3)).toEqual(['']);
});

test('JSON says how it was made, then the frames', async () => {
  const read = JSON.parse(await whole(frameJson({ name: 'bikes.mp4' }, frames()))) as unknown;
  expect(read).toEqual({
    name: 'bikes.mp4',
    frames: [
      { ...someFrame(0), label: 'cat, "tabby"' },
      { ...someFrame(1, { class: 7, centre: null }), label: '7' },
    ],
  });
});

test('columns have five places a frame, and a name for every class that occurs', async () => {
  const columns = await frameColumns(frames(), { class: 7, label: 'fox' });
  expect(columns.seconds).toEqual([0, 0.04]);
  expect(columns.class).toEqual([1, 7]);
  expect(columns.topClass).toEqual([1, 0, -1, -1, -1, 1, 0, -1, -1, -1]);
  expect(columns.topProbability.slice(0, 3)).toEqual([0.75, 0.25, 0]);
  expect(columns.labels).toEqual({ 0: 'dog', 1: 'cat, "tabby"', 7: 'fox' });
  expect((await frameColumns(frames())).labels[7]).toBe('7');
});
