import { createReadStream } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { ImageForm, ImportLook, Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { MemorySource } from '../memory-source.ts';
import { checkedClassCount } from '../class-count.ts';
import { splitOf } from '../pair-files.ts';
import { countedClasses, requireMemory, type FileImages } from './file-images.ts';
import { TextParser } from './text-parser.ts';

type Shape = Pick<ImageForm, 'height' | 'width' | 'channels'>;

interface TextFile {
  readonly file: string;
  readonly split: Split;
  readonly labels: Uint16Array;
  readonly values: number;
  readonly bytes: number;
}

/**
 * What text files of `label ** p0 p1 …` hold, one image a line (the format of a book's Keras chapters); null when these
 * paths are something else. Fails: `data/text-line`, `data/shapes-differ`, `data/split-twice`, `data/label-range`.
 */
export async function lookText(paths: readonly string[], signal?: AbortSignal): Promise<ImportLook | null> {
  const files = await scan(paths, signal);
  if (!files) return null;
  const { classes, counts, form } = factsOf(files);
  const { height, width, channels } = form;
  return {
    ...{ kind: 'text', name: nameOf(files), classCount: classes.length, rows: [] },
    images: files.reduce((sum, { labels }) => sum + labels.length, 0),
    classes: countedClasses(classes, counts),
    splits: Object.fromEntries(files.map(({ split, labels }) => [split, labels.length])),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    sizes: { height, width, least: Math.min(height, width), most: Math.max(height, width), grey: channels === 1 },
    suggested: { splitting: { by: 'given' } },
  };
}

/**
 * Reads text files. @param form of the images, where the count of values leaves a choice and it is known
 * Fails: `data/unknown-format` when there are none, `data/too-large`, the codes of `lookText`.
 */
export async function readText(
  paths: readonly string[],
  { form, signal }: { form?: Shape | undefined; signal?: AbortSignal | undefined } = {},
): Promise<FileImages> {
  const files = await scan(paths, signal);
  const [file = ''] = paths;
  if (!files) throw new AppError('data/unknown-format', `${file} holds no lines of "label ** p0 p1 …".`, { file });
  const facts = factsOf(files);
  requireMemory(
    file,
    files.reduce((sum, { labels, values }) => sum + labels.length * values, 0),
  );
  const splits = new Map<Split, MemorySource>();
  for (const known of files) {
    const pixels = new Uint8Array(new SharedArrayBuffer(known.labels.length * known.values));
    const again = await parse(known.file, pixels, signal);
    if (again.labels.length !== known.labels.length || again.values !== known.values) throw changed(known.file);
    splits.set(known.split, new MemorySource(pixels, known.labels));
  }
  const fits = form && form.height * form.width * form.channels === files[0]?.values;
  const { height, width, channels } = fits ? form : facts.form;
  const found = files.map((one) => one.file);
  return { kind: 'text', name: nameOf(files), classes: facts.classes, height, width, channels, splits, files: found };
}

/**
 * The shape that so many values most likely are: a grey square, an RGB square, else the grey rectangle that is nearest
 * to a square and lies.
 */
export function shapeOf(values: number): Shape {
  const side = Math.sqrt(values);
  if (Number.isInteger(side)) return { height: side, width: side, channels: 1 };
  const rgb = Math.sqrt(values / 3);
  if (Number.isInteger(rgb)) return { height: rgb, width: rgb, channels: 3 };
  let height = Math.floor(side);
  while (values % height !== 0) height--;
  return { height, width: values / height, channels: 1 };
}

async function scan(paths: readonly string[], signal?: AbortSignal): Promise<TextFile[] | null> {
  const files: TextFile[] = [];
  for (const file of await textFiles(paths)) {
    const { labels, values } = await parse(file, undefined, signal);
    if (labels.length === 0) throw new AppError('data/empty', `${file} holds no lines.`, { file });
    files.push({
      file,
      split: splitOf(file),
      labels: Uint16Array.from(labels),
      values,
      bytes: (await stat(file)).size,
    });
  }
  return files.length > 0 ? files : null;
}

async function parse(file: string, pixels?: Uint8Array, signal?: AbortSignal): Promise<TextParser> {
  const parser = new TextParser(file, pixels);
  try {
    const options = { highWaterMark: 2 ** 18, ...(signal && { signal }) };
    for await (const piece of createReadStream(file, options)) parser.write(piece as Buffer);
    parser.end();
    return parser;
  } catch (error) {
    signal?.throwIfAborted();
    throw fileFailure(error, file, 'reading');
  }
}

/** A folder with more text files than this has them beside its images, as captions or boxes. */
const mostTextFiles = 64;
const textName = /(\.(txt|text|dat|data|csv|lst)|^[^.]+)$/i;

/** A path that was named itself; of a folder, its .txt files. All are told by how they begin. */
export async function textFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    try {
      const folder = (await stat(path)).isDirectory();
      const inside = folder ? (await readdir(path)).filter((name) => name.endsWith('.txt')) : [];
      const candidates = folder ? inside.map((name) => join(path, name)) : textName.test(basename(path)) ? [path] : [];
      if (inside.length > mostTextFiles) continue;
      for (const file of candidates) if (await beginsAsText(file)) found.add(await realpath(file));
    } catch (error) {
      throw fileFailure(error, path, 'reading');
    }
  }
  return [...found].sort();
}

async function beginsAsText(file: string): Promise<boolean> {
  if (!(await stat(file)).isFile()) return false;
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return /^\s*\S{1,200}[ \t]+\*\*[ \t]/.test(buffer.subarray(0, bytesRead).toString('utf8'));
  } finally {
    await handle.close();
  }
}

function factsOf(files: readonly TextFile[]) {
  const [first] = files as [TextFile, ...TextFile[]];
  for (const [position, file] of files.entries()) {
    if (file.values !== first.values) {
      const shapes = { firstShape: `${first.values} values`, secondShape: `${file.values} values` };
      const message = `${file.file} has lines of ${shapes.secondShape}, ${first.file} of ${shapes.firstShape}.`;
      throw new AppError('data/shapes-differ', message, { first: first.file, second: file.file, ...shapes });
    }
    const twin = files.slice(0, position).find(({ split }) => split === file.split);
    if (!twin) continue;
    const details = { split: file.split, first: twin.file, second: file.file };
    throw new AppError('data/split-twice', `Both ${twin.file} and ${file.file} are "${file.split}".`, details);
  }
  const labels = new Map(files.map((file) => [file.file, file.labels] as const));
  const classCount = checkedClassCount(labels);
  const counts = new Array<number>(classCount).fill(0);
  for (const file of files) for (const label of file.labels) counts[label] = (counts[label] ?? 0) + 1;
  return { classes: counts.map((_, label) => String(label)), counts, form: shapeOf(first.values) };
}

function nameOf(files: readonly TextFile[]): string {
  const [{ file }] = files as [TextFile, ...TextFile[]];
  return files.length === 1 ? basename(file, extname(file)) : basename(dirname(file));
}

const changed = (file: string) =>
  new AppError('file/unreadable', `${file} changed while it was read.`, { file, reason: 'it changed meanwhile' });
