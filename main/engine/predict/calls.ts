import { AppError } from '#contract/failures.ts';
import { imagenetTree } from '#engine/model/zoo/imagenet.ts';
import { wire } from '#engine/wire.ts';
import type { Photos } from './photos.ts';
import type { Predictor } from './predictor.ts';

export interface PredictionRoom {
  predictor(): Predictor;
  photos(): Photos;
}

export function predictionCalls({ predictor, photos }: PredictionRoom) {
  return {
    photos: wire.prediction.photos.handler(() => photos().list()),
    openPhotos: wire.prediction.openPhotos.handler(({ input, signal }) => photos().add(input.paths, signal)),
    pastePhoto: wire.prediction.pastePhoto.handler(({ input }) =>
      photos().paste(Buffer.from(input.bytes, 'base64'), input.name),
    ),
    closePhotos: wire.prediction.closePhotos.handler(({ input }) => photos().close(input.ids)),
    restorePhotos: wire.prediction.restorePhotos.handler(({ input }) => photos().restore(input.ids)),
    picture: wire.prediction.picture.handler(({ input }) => predictor().picture(input, input.picture)),
    batch: wire.prediction.batch.handler(({ input, signal }) => {
      const opened = (input.photos ?? []).map((id) => {
        const { path } = photos().get(id);
        return { picture: { photo: id }, file: path, photo: id };
      });
      const files = (input.paths ?? []).map((path) => ({ picture: { path }, file: path }));
      return predictor().batch(input, [...opened, ...files], signal);
    }),
    tree: wire.prediction.tree.handler(() => imagenetTree()),
    digit: wire.prediction.digit.handler(({ input }) => {
      const { run, width, height, centre } = input;
      const pixels = new Uint8Array(Buffer.from(input.pixels, 'base64'));
      if (pixels.length !== width * height) {
        const problem = `${pixels.length} bytes received; expected ${width}×${height} = ${width * height}`;
        throw new AppError('call/invalid', `\`pixels\`: ${problem}.`, { field: 'pixels', problem });
      }
      return predictor().digit(run, { width, height, pixels }, centre);
    }),
  };
}
