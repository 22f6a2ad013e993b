import type { Film, FilmFacts, FilmJob, FilmNote, FilmResult, FilmSettings } from '#contract/video.ts';
import type { Strings } from '#state/strings.svelte.ts';
import { bytes, count, duration, percent } from '#ui/format.ts';

type Words = Pick<Strings, 't' | 'language'>;
export type Fact = readonly [string, string];

/** A place in a film: `0:03.24`, `1:02:03.50`. */
export function timeText(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const parts = [Math.floor(hundredths / 6000) % 60, Math.floor(hundredths / 100) % 60];
  const hours = Math.floor(hundredths / 360_000);
  const [minutes, whole] = parts.map((part) => String(part).padStart(2, '0'));
  const end = `${whole}.${String(hundredths % 100).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${minutes}:${end}` : `${parts[0]}:${end}`;
}

/** `25`, `29.97`. */
export function rateText(rate: number): string {
  return String(Number(rate.toFixed(2)));
}

/** What is odd about a film, in a word or two; what need not be known before it is looked at is left out. */
function shortNotes({ t }: Words, { notes, rotation }: FilmFacts): string[] {
  return notes.flatMap((note) => {
    const key = `film.notesShort.${note.kind}`;
    const text = t(key, valuesOf(note, { rotation }));
    return text === key ? [] : [text];
  });
}

function valuesOf({ details }: FilmNote, { rotation }: { rotation: number }): Record<string, string | number> {
  return { degrees: rotation, ...details };
}

/** One line: size, length, what is odd. */
export function filmLine(words: Words, { facts }: Film): string {
  const { width, height, seconds, rate } = facts;
  return [
    ...(seconds === null ? [] : [duration(seconds)]),
    `${width}×${height}`,
    ...shortNotes(words, facts),
    words.t('film.perSecond', { rate: rateText(rate) }),
  ].join(' · ');
}

/** What was odd and what is done about it, a sentence each. */
export function noteSentences({ t }: Words, notes: readonly FilmNote[], rotation = 0): string[] {
  return notes.map((note) => t(`film.notes.${note.kind}`, valuesOf(note, { rotation })));
}

/** A browser's upload lies in a folder of ours that says nothing to anybody. */
const uploaded = /[\\/]uploads[\\/][0-9a-f-]{36}[\\/]/;

/** Where it lies; a film of the app lies with the app, wherever that is. */
export function placeText({ t }: Pick<Words, 't'>, { sample, path }: Pick<Film, 'sample' | 'path'>): string {
  if (sample !== undefined) return t('film.about.inside');
  return uploaded.test(path) ? t('film.about.uploaded') : path;
}

export function filmFacts(words: Words, film: Film): Fact[] {
  const { t, language } = words;
  const { facts, size } = film;
  const { kind, width, height, rate, variable, frames, seconds, codec, pixelFormat, sound } = facts;
  const [first] = sound;
  const per = rateText(rate);
  return [
    [t('film.about.size'), `${width}×${height} · ${bytes(size)}`],
    [t('film.about.length'), seconds === null ? '–' : duration(seconds)],
    [t('film.about.frames'), frames === null ? '–' : count(frames, language)],
    [t('film.about.rate'), variable ? t('film.about.variable', { rate: per }) : per],
    [t('film.about.coding'), kind === 'images' ? t('film.about.images') : `${codec}, ${pixelFormat}`],
    [
      t('film.about.sound'),
      first ? t('film.about.soundOf', { ...first, rate: String(first.rate / 1000) }) : t('film.about.none'),
    ],
    [t('film.about.place'), placeText(words, film)],
  ];
}

/** Seconds of the part that is taken; null where nobody knows the film's length. */
export function partLength({ seconds }: FilmFacts, { from = 0, to }: Pick<FilmSettings, 'from' | 'to'>): number | null {
  const end = to ?? seconds;
  return end === null ? null : Math.max(0, end - from);
}

/** How many frames the film made has, as far as can be told. */
export function framesMade(facts: FilmFacts, settings: Pick<FilmSettings, 'from' | 'to' | 'rate'>): number | null {
  const length = partLength(facts, settings);
  const whole = settings.from === undefined && settings.to === undefined && settings.rate === 'source';
  if (whole && facts.frames !== null) return facts.frames;
  return length === null ? null : Math.round(length * (settings.rate === 'source' ? facts.rate : settings.rate));
}

export interface ToBeMade {
  readonly size: readonly number[];
  /** Null where nobody knows. */
  readonly frames: number | null;
  readonly exact: boolean;
  /** Films that are made before it. */
  readonly ahead: number;
}

/** What will be made, above the button. */
export function makeLine({ t }: Pick<Words, 't'>, { size: [width = 0, height = 0], frames, exact, ahead }: ToBeMade) {
  const told = frames === null ? t('film.make.unknownFrames') : t('film.frames', { count: frames });
  return [
    t('film.make.size', { width, height }),
    frames === null || exact ? told : t('film.make.about', { frames: told }),
    ...(ahead > 0 ? [t('film.make.queueing', { count: ahead })] : []),
  ].join(' · ');
}

/** The same picture as the film made until its size is known: px, even. */
export function sizeGuessed({ width, height }: FilmFacts, { layout, longest = 1920 }: FilmSettings): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height));
  const [across, down] = [width, height].map((side) => Math.max(2, Math.round((side * scale) / 2) * 2)) as [
    number,
    number,
  ];
  return [layout === 'side-by-side' ? across * 2 : across, down];
}

export function partText(
  { t }: Words,
  { seconds }: FilmFacts,
  { from, to }: Pick<FilmSettings, 'from' | 'to'>,
): string {
  if (from === undefined && to === undefined) return t('film.preview.wholePart');
  const [begin, end] = [from ?? 0, to ?? seconds ?? 0];
  return t('film.preview.part', {
    from: timeText(begin),
    to: timeText(end),
    length: duration(Math.max(0, end - begin)),
  });
}

/** How far a film is, 0…1; null while nobody can tell. */
export function shareOf({ done, total }: Pick<FilmJob, 'done' | 'total'>): number | null {
  return total === null || total === 0 ? null : Math.min(1, done / total);
}

export function stateText({ t }: Words, { state, stage, waitsFor }: FilmJob): string {
  if (state === 'running') return t(`film.queue.${stage ?? 'starting'}`);
  if (state !== 'waiting') return t(`film.queue.${state}`);
  return t(
    waitsFor === 'training' ? 'film.queue.waitsTraining' : waitsFor ? 'film.queue.waitsGoOn' : 'film.queue.waiting',
  );
}

/** One line of a film in the queue. */
export function jobLine(words: Words, job: FilmJob): string {
  const share = shareOf(job);
  if (job.state !== 'running' || share === null || job.secondsLeft === null) return stateText(words, job);
  return `${percent(share, 0, words.language)} · ${words.t('film.queue.left', { time: duration(job.secondsLeft) })}`;
}

/** How a film was made or is being made. @param label of the class, where it is not the most probable */
export function settingFacts({ t }: Words, settings: FilmSettings, model: string, label?: string): Fact[] {
  const name = (key: string) => t(`film.results.facts.${key}`);
  return [
    [name('model'), model],
    [name('class'), settings.class === 'top' ? t('film.results.top') : (label ?? String(settings.class))],
    [name('method'), t(`heat.method.names.${settings.method}`)],
    [name('layout'), t(`film.form.layouts.${settings.layout}`)],
    [name('scale'), t(`film.form.time.scales.${settings.scale}`)],
    [name('smoothing'), settings.smoothing === 0 ? t('film.form.time.none') : String(settings.smoothing)],
  ];
}

export function resultFacts(words: Words, result: FilmResult, label?: string): Fact[] {
  const { t, language } = words;
  const { frames, width, height, rate, seconds, took, layer, audio } = result;
  const name = (key: string) => t(`film.results.facts.${key}`);
  return [
    ...settingFacts(words, result.settings, result.model, label),
    ...(layer ? [[name('layer'), `${layer.name} · ${layer.width}×${layer.height}`] as const] : []),
    [name('size'), `${width}×${height} · ${bytes(result.bytes)}`],
    [name('length'), `${duration(seconds)} · ${t('film.perSecond', { rate: rateText(rate) })}`],
    [name('frames'), `${count(frames.in, language)} · ${count(frames.out, language)}`],
    [name('sound'), t(`film.results.audio.${audio}`)],
    [name('took'), duration(took.whole)],
    [name('decode'), duration(took.decode)],
    [name('network'), duration(took.network)],
    [name('compose'), duration(took.compose)],
    [name('encode'), duration(took.encode)],
  ];
}

/** Frames after which a map has half its weight. */
export function halfLife(smoothing: number): number {
  return smoothing <= 0 ? 0 : Math.max(1, Math.round(Math.LN2 / -Math.log(smoothing)));
}
