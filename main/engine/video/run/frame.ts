import type { FilmResult, FilmSettings } from '#contract/video.ts';
import type { InputPlace } from '#contract/prediction.ts';
import { frameForm, frameInput, framePlace } from '#engine/predict/frame-input.ts';
import type { Models } from '#engine/predict/models.ts';
import type { Predictor } from '#engine/predict/predictor.ts';
import type { ExplainFrame, FrameExplanation, Picture } from '../stages.ts';
import { Composer } from './composer.ts';
import { FilmNetwork, frameOf } from './film-network.ts';
import { HeatOverTime } from './heat-over-time.ts';
import { barStamp, Labels } from './label.ts';

export interface FrameParts {
  readonly models: Pick<Models, 'use'>;
  readonly predictor: Pick<Predictor, 'learnedOnDark'>;
}

/** One frame, asked alone: as a run asks it. Fails: as `FilmNetwork`, `Models.use`. */
export function frameExplainer({ models, predictor }: FrameParts): ExplainFrame {
  return (frame, size, settings, signal) =>
    models.use(
      settings.model,
      async (open): Promise<FrameExplanation> => {
        const form = frameForm(open.known, settings.ways, await predictor.learnedOnDark(open.known));
        const seen = seenPart(framePlace(size, form));
        const input = await frameInput({ ...size, channels: 3, pixels: frame.pixels }, form);
        const network = new FilmNetwork(open, settings);
        const { height, width, answers } = await network.ask([input], 1, signal);
        const [answer] = answers;
        if (!answer) throw new Error('One frame gives one answer.');
        const { layer, instead } = network;
        const heat = {
          frame: frameOf(frame, answer, { height, width }, open.classes, seen),
          ...{ height, width, values: answer.values },
        };
        const label = open.classes[answer.class]?.label ?? String(answer.class);
        return { heat, layer, ...(instead && { instead }), seen, label };
      },
      settings.ways.pixels,
    );
}

/** The part of the picture that the network sees, 0…1. */
export function seenPart({ picture, seen }: InputPlace): FilmResult['seen'] {
  return {
    left: seen.left / picture.width,
    top: seen.top / picture.height,
    width: seen.width / picture.width,
    height: seen.height / picture.height,
  };
}

/** One frame composed alone: nothing is smoothed; 1.0 is its own maximum unless that is fixed. */
export async function composeFrame(
  frame: Picture,
  { heat, seen, label }: FrameExplanation,
  settings: FilmSettings,
): Promise<Picture> {
  const { size: view, pixels } = frame;
  const bar = settings.bar ? await barStamp(view, settings.colours) : undefined;
  const composer = new Composer({ view, look: settings, seen, bar });
  const scale = settings.scale === 'fixed' ? ('fixed' as const) : ('frame' as const);
  const values = new HeatOverTime({ scale, maximum: settings.maximum, smoothing: 0 }).next(heat);
  const { class: index, probability, top } = heat.frame;
  const name = label ?? top.find((each) => each.index === index)?.label ?? String(index);
  const words = settings.labels ? await new Labels(view).of(name, probability) : null;
  const composed = new Uint8Array(composer.size.width * composer.size.height * 3);
  composer.compose(pixels, { ...heat, values }, composed, words);
  return { size: composer.size, pixels: composed };
}
