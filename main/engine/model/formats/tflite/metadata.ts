import { buffer } from 'node:stream/consumers';
import { Builder } from 'flatbuffers';
import { ZipFile } from 'yazl';
import type { ClassName } from '#contract/models.ts';
import type { About } from '../operations/about.ts';
import { floats, offsets, table } from './tables.ts';

/** The classes' names, one a line; the file that mobile libraries look for. */
const labelsName = 'labels.txt';
const identifier = 'M001';
/** Of the schema that has what is used here. */
const parserVersion = '1.0.0';
/** metadata_schema.fbs: enums AssociatedFileType and ColorSpaceType, unions ContentProperties and ProcessUnitOptions. */
const axisLabels = 2;
const colours = { rgb: 1, grey: 2 } as const;
const imageProperties = 2;
const normalizationOptions = 1;

/**
 * What TensorFlow Lite's libraries for telephones want to know (tensorflow_lite_support/metadata/metadata_schema.fbs):
 * that the input is an image and taken as it is, and where the labels are.
 */
export function encodeMetadata({ name, input, values, classes }: About): Uint8Array {
  const builder = new Builder(1024);
  const text = (value: string) => builder.createString(value);
  const image = table(builder, [[0, 'byte', input[2] === 1 ? colours.grey : colours.rgb]]);
  const content = table(builder, [
    [0, 'byte', imageProperties],
    [1, 'offset', image],
  ]);
  const unchanged = table(builder, [
    [0, 'offset', floats(builder, [0])],
    [1, 'offset', floats(builder, [1])],
  ]);
  const unit = table(builder, [
    [0, 'byte', normalizationOptions],
    [1, 'offset', unchanged],
  ]);
  const given = table(builder, [
    [0, 'offset', text('image')],
    [1, 'offset', text(values)],
    [3, 'offset', content],
    [4, 'offset', offsets(builder, [unit])],
  ]);
  const labels = table(builder, [
    [0, 'offset', text(labelsName)],
    [1, 'offset', text('Names of the classes, one a line.')],
    [2, 'byte', axisLabels],
  ]);
  const answer = table(builder, [
    [0, 'offset', text('probability')],
    [1, 'offset', text('Of each class, 0…1.')],
    [6, 'offset', offsets(builder, classes.length > 0 ? [labels] : [])],
  ]);
  const graph = table(builder, [
    [2, 'offset', offsets(builder, [given])],
    [3, 'offset', offsets(builder, [answer])],
  ]);
  const root = table(builder, [
    [0, 'offset', text(name)],
    [1, 'offset', text('Written by Heatlens.')],
    [3, 'offset', offsets(builder, [graph])],
    [7, 'offset', text(parserVersion)],
  ]);
  builder.finish(root, identifier);
  return builder.asUint8Array();
}

/** Stands behind the model in the same file, where those libraries look for associated files. */
export async function labelsArchive(classes: readonly ClassName[]): Promise<Uint8Array> {
  const archive = new ZipFile();
  const lines = classes.map(({ label }) => `${label.replaceAll(/\s+/g, ' ')}\n`).join('');
  archive.addBuffer(Buffer.from(lines), labelsName, { compress: false, mtime: new Date(1980, 0, 1) });
  archive.end();
  return await buffer(archive.outputStream);
}
