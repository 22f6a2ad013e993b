import { AppError } from '#contract/failures.ts';
import { wire } from '#engine/wire.ts';
import { filmSamples } from './samples.ts';

export function videoCalls() {
  const later = () => {
    throw new AppError('internal', 'not yet', { reason: 'not yet' });
  };
  const { video } = wire;
  return {
    tools: video.tools.handler(later),
    samples: video.samples.handler(() => filmSamples()),
    films: video.films.handler(() => []),
    openFilms: video.openFilms.handler(later),
    closeFilms: video.closeFilms.handler(later),
    restoreFilms: video.restoreFilms.handler(later),
    preview: video.preview.handler(later),
    enqueue: video.enqueue.handler(later),
    queue: video.queue.handler(async function* () {
      await Promise.resolve();
      yield [];
    }),
    cancel: video.cancel.handler(later),
    goOn: video.goOn.handler(later),
    results: video.results.handler(() => []),
    frames: video.frames.handler(later),
    remove: video.remove.handler(later),
    restore: video.restore.handler(later),
    save: video.save.handler(later),
  };
}
