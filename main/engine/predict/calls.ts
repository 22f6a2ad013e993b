import { AppError } from '#contract/failures.ts';
import { wire } from '#engine/wire.ts';
import type { Predictor } from './predictor.ts';

export function predictionCalls({ predictor }: { predictor(): Predictor }) {
  const later = (): never => {
    throw new Error('not yet');
  };
  return {
    photos: wire.prediction.photos.handler(later),
    openPhotos: wire.prediction.openPhotos.handler(later),
    pastePhoto: wire.prediction.pastePhoto.handler(later),
    closePhotos: wire.prediction.closePhotos.handler(later),
    restorePhotos: wire.prediction.restorePhotos.handler(later),
    picture: wire.prediction.picture.handler(later),
    batch: wire.prediction.batch.handler(later),
    tree: wire.prediction.tree.handler(later),
    digit: wire.prediction.digit.handler(({ input }) => {
      const { run, width, height, centre } = input;
      const pixels = new Uint8Array(Buffer.from(input.pixels, 'base64'));
      if (pixels.length !== width * height) {
        const problem = `${pixels.length} bytes received; expected ${width}×${height} = ${width * height}`;
        throw new AppError('call/invalid', `\`pixels\`: ${problem}.`, { field: 'pixels', problem });
      }
      return predictor().digit(run, { width, height, pixels }, centre);
    }),
    files: wire.prediction.files.handler(async ({ input, signal }) => {
      const { run, paths, ...options } = input;
      const predictions = [];
      for (const path of paths) {
        signal?.throwIfAborted();
        predictions.push(await predictor().file(run, path, options));
      }
      return predictions;
    }),
  };
}
