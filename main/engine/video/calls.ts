import type { Film, FilmResult } from '#contract/video.ts';
import { wire } from '#engine/wire.ts';
import { filmTools } from './ffmpeg/tools.ts';
import { frameColumns } from './frame-columns.ts';
import { namedClass } from './results.ts';
import { filmSamples } from './samples.ts';
import type { Shelf } from './shelf.ts';

export function videoCalls(room: () => Shelf) {
  const { video } = wire;
  return {
    tools: video.tools.handler(() => filmTools()),
    samples: video.samples.handler(() => filmSamples()),
    films: video.films.handler((): Promise<Film[]> => room().films.list()),
    openFilms: video.openFilms.handler(({ input, signal }) => room().films.add(input.paths, signal)),
    closeFilms: video.closeFilms.handler(({ input }) => room().films.close(input.ids)),
    restoreFilms: video.restoreFilms.handler(({ input }) => room().films.restore(input.ids)),
    preview: video.preview.handler(({ input }) => room().previews.preview(input.film, input.settings, input.seconds)),
    enqueue: video.enqueue.handler(({ input }) => room().enqueue(input)),
    queue: video.queue.handler(({ signal }) => room().queue.watch(signal)),
    cancel: video.cancel.handler(({ input }) => room().queue.cancel(input.job)),
    goOn: video.goOn.handler(() => room().queue.goOn()),
    results: video.results.handler((): FilmResult[] => room().results.list()),
    frames: video.frames.handler(({ input }) => {
      const { results } = room();
      return frameColumns(results.frames(input.result), namedClass(results.get(input.result)));
    }),
    remove: video.remove.handler(({ input }) => room().results.remove(input.result)),
    restore: video.restore.handler(({ input }) => room().results.restore(input.result)),
    save: video.save.handler(({ input, signal }) => {
      const { result, ...saving } = input;
      return room().save(result, saving, signal);
    }),
  };
}
