import type { FilmFrame, FilmFrames } from '#contract/video.ts';
import type { Named } from './frame-table.ts';

/** Of the most probable classes. */
const each = 5;

/** @param named what a class is called that may be among no frame's most probable */
export async function frameColumns(frames: AsyncIterable<FilmFrame>, named: Named = null): Promise<FilmFrames> {
  const columns: FilmFrames = {
    ...{ seconds: [], class: [], probability: [], maximum: [], topClass: [], topProbability: [] },
    labels: named ? { [named.class]: named.label } : {},
  };
  for await (const frame of frames) {
    columns.seconds.push(frame.seconds);
    columns.class.push(frame.class);
    columns.probability.push(frame.probability);
    columns.maximum.push(frame.maximum);
    for (let rank = 0; rank < each; rank++) {
      const { index = -1, label, probability = 0 } = frame.top[rank] ?? {};
      columns.topClass.push(index);
      columns.topProbability.push(probability);
      if (label !== undefined) columns.labels[index] = label;
    }
    columns.labels[frame.class] ??= String(frame.class);
  }
  return columns;
}
