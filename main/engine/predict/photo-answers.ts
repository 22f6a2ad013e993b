import sharp from 'sharp';
import { z } from 'zod';
import { toFailure } from '#contract/failures.ts';
import { modelRef } from '#contract/models.ts';
import { inputWays, pictureRef } from '#contract/prediction.ts';
import { pixelLimit } from '#engine/data/decode/pixel-limit.ts';
import type { AnswerPicture, PictureAnswer } from '#engine/data/pictures.ts';
import type { Photos } from './photos.ts';
import type { Predictor } from './predictor.ts';

const asked = z.object({ model: modelRef, picture: pictureRef, ways: inputWays.default({}) });
/** Longer sides than this are of no use on a screen. */
const mostSide = 4096;

interface Rooms {
  readonly photos: Photos;
  readonly predictor: Pick<Predictor, 'inputPng'>;
}

/** Answers the addresses of photos and inputs (contract/pictures.ts); all others go to `others`. Never throws. */
export function photoAnswers({ photos, predictor }: Rooms, others: AnswerPicture): AnswerPicture {
  return async (path, parameters) => {
    const [room, kind, id] = path.replace(/^\//, '').split('/');
    if (room !== 'pictures' || (kind !== 'photo' && kind !== 'input')) return others(path, parameters);
    try {
      if (kind === 'input') return png(await input(parameters.get('q') ?? ''));
      const side = Number(parameters.get('side') ?? mostSide);
      if (!Number.isInteger(side) || side < 1 || side > mostSide)
        return said(400, 'The side is no whole number of px.');
      return png(await shown(photos.get(decodeURIComponent(id ?? '')).path, side));
    } catch (thrown) {
      const { code, message } = toFailure(thrown);
      return said(code === 'photo/unknown' || code === 'file/missing' ? 404 : code === 'internal' ? 500 : 400, message);
    }
  };

  function input(text: string): Promise<Buffer> {
    const { model, picture, ways } = asked.parse(JSON.parse(text));
    return predictor.inputPng(model, picture, ways);
  }
}

/** Upright, on white, never larger than it is. */
function shown(file: string, side: number): Promise<Buffer> {
  return sharp(file, { limitInputPixels: pixelLimit, failOn: 'error' })
    .autoOrient()
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .png({ compressionLevel: 3 })
    .toBuffer();
}

function png(body: Buffer): PictureAnswer {
  const headers = { 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=31536000, immutable' };
  return { status: 200, headers, body };
}

const said = (status: number, text: string): PictureAnswer => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: Buffer.from(text),
});
