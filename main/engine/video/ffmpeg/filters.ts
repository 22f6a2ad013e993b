import type { Reading } from '../stages.ts';
import type { FilmDetails } from './probe.ts';
import type { Tools } from './tools.ts';

/** Half a millisecond: stamps asked for are as exact as those that were told. */
const slack = 0.0005;

/**
 * What happens to decoded frames, in this order: the film's own clock, progressive frames, the part that is wanted,
 * SDR, size and RGB, and the stamp of each said on stderr. ffmpeg turns them upright by itself, before.
 */
export function readingFilters(reading: Reading, details: FilmDetails, tools: Tools): string[] {
  const { from = 0, to } = reading;
  const { interlaced, hdr, origin } = details;
  const part = [
    ...(from > 0 ? [`start=${seconds(from - slack)}`] : []),
    ...(to === undefined ? [] : [`end=${seconds(to - slack)}`]),
  ];
  return [
    // Microseconds: exact enough for every rate, and stamps are whole numbers.
    'settb=1/1000000',
    ...(origin === 0 ? [] : [`setpts=PTS-${Math.round(origin * 1e6)}`]),
    // Before the part is cut out: it looks at neighbours.
    ...(interlaced ? ['bwdif=mode=send_frame:parity=auto:deint=interlaced', 'settb=1/1000000'] : []),
    ...(part.length > 0 ? [`trim=${part.join(':')}`] : []),
    ...(hdr && tools.toneMapping ? toneMapping(reading) : [scaling(reading, details)]),
    'format=rgb24',
    ...stamping(tools),
  ];
}

const seconds = (value: number) => Math.max(0, value).toFixed(6);

/** In linear light, with 100 cd/m² as white, highlights rolled off as John Hable does (GDC 2010), to BT.709. */
function toneMapping({ size: { width, height } }: Reading): string[] {
  return [
    `zscale=w=${width}:h=${height}:filter=bicubic:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv444p',
    'scale=in_color_matrix=bt709:flags=bicubic',
  ];
}

/** Of films that do not say, players take large ones for BT.709 and small ones for BT.601; ffmpeg takes all for BT.601. */
function scaling({ size: { width, height } }: Reading, { facts, matrix }: FilmDetails): string {
  const unsaid = matrix === undefined || matrix === 'unknown' || matrix === 'reserved';
  const high = Math.min(facts.width, facts.height) >= 720;
  const known = unsaid
    ? high
      ? ':in_color_matrix=bt709'
      : ''
    : matrix === 'bt2020nc'
      ? ':in_color_matrix=bt2020'
      : '';
  return `scale=w=${width}:h=${height}${known}:flags=bicubic`;
}

/** One line a frame on stderr, with its stamp. `showinfo` sums every pixel too, which costs more. */
function stamping({ library }: Tools): string[] {
  if (library >= 57) return ['metadata=mode=add:key=t:value=0', 'metadata=mode=print:key=t'];
  return ['showinfo'];
}

/** The stamp in such a line, seconds; null in any other. */
export function stampIn(line: string): number | null {
  const found = /^\[Parsed_(?:metadata|showinfo)_.*?\bpts: *(-?\d+)/.exec(line);
  return found ? Number(found[1]) / 1e6 : null;
}

/** Lines that belong to stamps and to nothing else. */
export const ofStamps = (line: string) => /^\[Parsed_(metadata|showinfo)_/.test(line);
