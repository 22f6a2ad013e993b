import { csv } from '#contract/csv.ts';
import type { FilmFrame } from '#contract/video.ts';

/** Of the most probable classes. */
const ranks = [1, 2, 3, 4, 5];

const head = [
  ...['frame', 'seconds', 'class', 'label', 'probability', 'maximum', 'centre x', 'centre y'],
  ...ranks.flatMap((rank) => [`class ${rank}`, `label ${rank}`, `probability ${rank}`]),
];

/** A line for each frame after RFC 4180, by pieces; figures unrounded, empty where there is none. @param named as in `frameColumns` */
export async function* frameCsv(frames: AsyncIterable<FilmFrame>, named: Named = null): AsyncGenerator<string> {
  yield csv([head]);
  for await (const frame of frames) {
    const { seconds, probability, maximum, centre, top } = frame;
    const five = ranks.flatMap((rank) => {
      const each = top[rank - 1];
      return each ? [each.index, each.label, each.probability] : ['', '', ''];
    });
    const where = centre ?? ['', ''];
    yield csv([[frame.frame, seconds, frame.class, labelOf(frame, named), probability, maximum, ...where, ...five]]);
  }
}

/** The same as JSON: what was made how, then the frames. */
export async function* frameJson(
  about: Readonly<Record<string, unknown>>,
  frames: AsyncIterable<FilmFrame>,
  named: Named = null,
): AsyncGenerator<string> {
  const start = JSON.stringify(about, null, 2).replace(/\n\}$/, '');
  yield `${start},\n  "frames": [`;
  let between = '\n    ';
  for await (const frame of frames) {
    yield between + JSON.stringify({ ...frame, label: labelOf(frame, named) });
    between = ',\n    ';
  }
  yield '\n  ]\n}\n';
}

export type Named = { readonly class: number; readonly label: string } | null;

function labelOf({ class: index, top }: FilmFrame, named: Named): string {
  const label = top.find((each) => each.index === index)?.label ?? (named?.class === index ? named.label : undefined);
  return label ?? String(index);
}
