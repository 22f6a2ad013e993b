import { filmResultUrl } from '#contract/pictures.ts';
import type { FilmResult } from '#contract/video.ts';
import type { App } from '#state/app.svelte.ts';
import { paintHeat, type HeatScene } from '#ui/heat-paint.ts';

/** `holiday.mov` made with Grad-CAM → `holiday_gradcam`. */
export function savedName({ name, settings }: Pick<FilmResult, 'name' | 'settings'>): string {
  const plain = name.replace(/\.[A-Za-z0-9]{1,5}$/, '');
  // What a system keeps for itself does not belong into a file's name.
  return `${plain.replace(/[\\/:*?"<>|]/g, '_')}_${settings.method.replaceAll('-', '')}`;
}

type Kind = 'film' | 'csv' | 'json';
const endings = { film: 'mp4', csv: 'csv', json: 'json' } as const;

/** Where there is a dialog, the engine writes the file; a browser gets it as a download. */
export async function saveResult(app: App, result: FilmResult, kind: Kind): Promise<void> {
  const name = `${savedName(result)}.${endings[kind]}`;
  if (app.link.abilities.pick) {
    const [path] = await app.link.host.pick({
      ...{ kind: 'save', title: app.t(`film.player.save.${kind}`), name },
      filters: [{ name: endings[kind].toUpperCase(), extensions: [endings[kind]] }],
    });
    if (path === undefined) return;
    await app.link.engine.video.save({ result: result.id, [kind]: path });
    app.toasts.tell(app.t('film.player.save.done', { path }));
    return;
  }
  const link = Object.assign(document.createElement('a'), { href: filmResultUrl(result.id, kind), download: name });
  link.click();
}

/** The frame as it is looked at now, at the film's own size: beside its heat, or in the one view that is chosen. */
export function frameCanvas(scene: HeatScene, view: 'side' | 'overlay' | 'heat' | 'wipe'): HTMLCanvasElement {
  const { width, height } = scene.size;
  const beside = view === 'side' || view === 'wipe';
  const canvas = document.createElement('canvas');
  canvas.width = beside ? width * 2 : width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  if (beside) paintHeat(context, scene, 'picture', { left: 0, top: 0, width, height });
  paintHeat(context, scene, view === 'heat' ? 'heat' : 'overlay', { left: beside ? width : 0, top: 0, width, height });
  return canvas;
}
