import { readFile, stat } from 'node:fs/promises';
import { AppError } from '#contract/failures.ts';
import type { KnownModel } from '#contract/models.ts';
import type { InputPlace, InputWays, PictureRef } from '#contract/prediction.ts';
import type { Split } from '#contract/data.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { decodeImage } from '#engine/data/decode/decode-image.ts';
import { fitOf, fitted, wholePlan } from '#engine/data/decode/fit.ts';
import { withChannels, type Raster } from '#engine/data/decode/raster.ts';
import { largestFile } from '#engine/data/listing/found.ts';
import { areaAverage, asDigit, type Box } from './digit.ts';
import { borderLevel, readPicture } from './picture.ts';
import { pictureSize, unreadable } from './picture-size.ts';
import type { Photos } from './photos.ts';

/** What a network sees of a picture. */
export interface ReadInput {
  /** [height, width, channel] of the model, 0…255 */
  readonly pixels: Uint8Array;
  readonly place: InputPlace;
  /** Of a drawing: where its ink went; null for an empty one. */
  readonly ink?: Box | null;
}

export interface InputParts {
  readonly photos: Photos;
  /** Fails: `data/unknown-set`. */
  dataset(id: string): Promise<DataSet>;
  /** Whether the images that a model learned from have dark borders, as MNIST's. */
  learnedOnDark(known: KnownModel): Promise<boolean>;
}

export type Form = Pick<KnownModel, 'height' | 'width' | 'channels'> & { channels: 1 | 3; fit: KnownModel['fit'] };

/**
 * A picture as a model's input. One of the model's own size goes in untouched.
 * Fails: `photo/unknown`, `file/missing`, `image/unreadable`, `image/too-large`, `data/…`, `model/wrong-input` for a model
 * that takes neither grey nor RGB images.
 */
export async function readInput(
  picture: PictureRef,
  known: KnownModel,
  ways: InputWays,
  parts: InputParts,
): Promise<ReadInput> {
  const form = formOf(known, ways.fit ?? known.fit);
  if ('drawing' in picture) return drawn(picture.drawing, form);
  if ('dataset' in picture) return stored(await parts.dataset(picture.dataset), picture.split, picture.index, form);
  const file = 'photo' in picture ? parts.photos.get(picture.photo).path : picture.path;
  const dark = form.channels === 1 && (ways.invert ?? 'auto') === 'auto' && (await parts.learnedOnDark(known));
  // Small networks on grey digits: the border goes on with its own level, as their images do.
  if (form.channels === 1 && form.fit === 'pad') return readPicture(file, form, ways.invert ?? 'auto', dark);
  const bytes = await bytesOf(file);
  const size = await pictureSize(bytes, file);
  const decoded = await decodeImage(bytes, file, form);
  if ('skipped' in decoded) throw unreadable(file, decoded.detail ?? decoded.skipped);
  const { pixels } = decoded;
  const [level = 0] = form.channels === 1 ? borderLevel({ ...form, pixels }) : [];
  const inverted = ways.invert === 'yes' || (dark && level >= 128);
  if (inverted) pixels.forEach((value, i) => (pixels[i] = 255 - value));
  return { pixels, place: placeOf(size, form, inverted) };
}

export function formOf({ height, width, channels }: KnownModel, fit: KnownModel['fit']): Form {
  if (channels === 1 || channels === 3) return { height, width, channels, fit };
  throw new AppError('model/wrong-input', `The network takes images of ${channels} channels; pictures have 1 or 3.`, {
    expected: `${height}×${width}×${channels}`,
    received: '3 channels',
  });
}

async function bytesOf(file: string): Promise<Buffer> {
  const found = await stat(file).catch(() => null);
  if (!found) throw new AppError('file/missing', `There is no file ${file}.`, { file });
  if (!found.isFile()) throw unreadable(file, 'it is not a regular file');
  if (found.size > largestFile) throw unreadable(file, `it has ${found.size} bytes; at most ${largestFile} are read`);
  return readFile(file);
}

/** Where the input lies in a picture of this size; see `fitOf` for the rule. */
export function placeOf(picture: { width: number; height: number }, form: Form, inverted: boolean): InputPlace {
  const { box, size } = fitOf(picture, form);
  const [across, down] = [box.width / size.width, box.height / size.height];
  const seen = {
    left: box.left - Math.floor((form.width - size.width) / 2) * across,
    top: box.top - Math.floor((form.height - size.height) / 2) * down,
    width: form.width * across,
    height: form.height * down,
  };
  const same = picture.width === form.width && picture.height === form.height;
  const words = {
    crop: `the largest ${form.width}:${form.height} part of the middle, ${box.width}×${box.height}, scaled to ${form.width}×${form.height}`,
    pad: `scaled as a whole to ${size.width}×${size.height}, black beside it`,
    stretch: `stretched to ${form.width}×${form.height}`,
  };
  const how = `${same ? 'as it is' : words[form.fit]}${inverted ? '; inverted' : ''}`;
  const { width, height } = picture;
  return { picture: { width, height }, seen, input: { width: form.width, height: form.height }, inverted, how };
}

function stored(data: DataSet, split: Split, index: number, form: Form): ReadInput {
  const source = data.source(split);
  if (!source || index >= source.count) {
    throw new AppError('data/unknown-image', `There is no image ${index} in ${split} of ${data.summary.name}.`, {
      ...{ index, count: source?.count ?? 0, dataset: data.summary.name },
    });
  }
  const { height, width, channels } = data;
  const bytes = new Uint8Array(height * width * channels);
  source.read([index], bytes);
  const raster: Raster = { height, width, channels: channels === 1 ? 1 : 3, pixels: bytes };
  const fit = fitted(withChannels(raster, form.channels), wholePlan(raster, form), raster, form);
  return { pixels: fit.pixels, place: placeOf(raster, form, false) };
}

type Drawing = Extract<PictureRef, { drawing: unknown }>['drawing'];

function drawn({ width, height, pixels: text, centre }: Drawing, form: Form): ReadInput {
  const pixels = new Uint8Array(Buffer.from(text, 'base64'));
  if (pixels.length !== width * height) {
    const problem = `${pixels.length} bytes received; expected ${width}×${height} = ${width * height}`;
    throw new AppError('call/invalid', `\`pixels\`: ${problem}.`, { field: 'pixels', problem });
  }
  const drawing = { width, height, pixels };
  const whole = { left: 0, top: 0, width, height };
  const { digit, box } = centre
    ? asDigit(drawing, form)
    : {
        digit: areaAverage(drawing, whole, form.width, form.height),
        box: { ...whole, width: form.width, height: form.height },
      };
  const ink = digit.pixels.some((level) => level > 0) ? box : null;
  const raster: Raster = { width: form.width, height: form.height, channels: 1, pixels: digit.pixels };
  // The picture is what the network sees: the drawing itself was moved and scaled.
  const how = centre ? 'its ink scaled into the middle, centred by mass' : 'averaged over areas';
  const input = { width: form.width, height: form.height };
  const place = { picture: input, seen: { left: 0, top: 0, ...input }, input, inverted: false, how };
  return { pixels: withChannels(raster, form.channels).pixels, place, ink };
}
