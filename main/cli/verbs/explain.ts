import { Option } from 'commander';
import path from 'node:path';
import { explainMethod, type ExplainMethod, type Explanation } from '#contract/explain.ts';
import { heatColourNames, type HeatColours } from '#contract/heat-colours.ts';
import { classNamed } from '../class-named.ts';
import { percent } from '../output.ts';
import { acts, integer, real, verb, type Verb } from '../options.ts';
import { engineWithModel } from '../run-reference.ts';
import type { CommonOptions } from '../task.ts';

interface Options extends CommonOptions {
  readonly model: string;
  readonly method: ExplainMethod;
  readonly class?: string;
  readonly layer?: string;
  readonly out?: string;
  readonly sideBySide?: string;
  readonly colours: HeatColours;
  readonly opacity: number;
  readonly steps?: number;
  readonly samples?: number;
  readonly noise?: number;
  readonly patch?: number;
  readonly stride?: number;
  readonly maps?: number;
  readonly seed?: number;
}

export const explainVerb: Verb = (surroundings, ended) => {
  const command = verb('explain', 'Show where a network looks in a picture.')
    .argument('<image>', 'a JPEG, PNG, WebP, GIF, TIFF or AVIF file')
    .requiredOption('--model <model>', 'a run, a model of the zoo, a model file, or the folder of a run')
    .addOption(new Option('--method <name>', 'how').choices(explainMethod.options).default('grad-cam'))
    .option('--class <class>', 'its index or its name (default: the most probable)')
    .option('--layer <name>', 'with a height and a width (default: chosen by itself)')
    .option('--out <png>', 'write the heat over the picture')
    .option('--side-by-side <png>', 'write original, heat and overlay beside each other')
    .addOption(new Option('--colours <name>', 'of the heat').choices(heatColourNames).default('turbo'))
    .option('--opacity <part>', 'of the heat over the picture', real(0, 1), 0.5)
    .option('--steps <count>', 'integrated gradients: steps from black', integer(2, 512))
    .option('--samples <count>', 'SmoothGrad: noisy copies', integer(1, 512))
    .option('--noise <part>', "SmoothGrad: of the picture's range", real(0, 1))
    .option('--seed <number>', 'SmoothGrad: of the noise', integer(0, 2 ** 31 - 1))
    .option('--patch <px>', 'occlusion: side of the grey square', integer(1, 1024))
    .option('--stride <px>', 'occlusion: step of the grey square', integer(1, 1024))
    .option('--maps <count>', 'Score-CAM: the strongest channels', integer(1, 4096));
  return acts<Options>(command, surroundings, ended, async (task, options, [image = '']) => {
    const { engine, model } = await engineWithModel(task, options.model);
    const { method, layer, out, sideBySide, colours, opacity } = options;
    const { steps, samples, noise, seed, patch, stride, maps } = options;
    const index =
      options.class === undefined ? undefined : classNamed(options.class, await engine.models.classes({ model }));
    const request = {
      ...{ model, method, colours, opacity, picture: { path: path.resolve(image) } },
      ...(index !== undefined && { class: index }),
      ...(layer !== undefined && { layer }),
      ...(out !== undefined && { overlay: path.resolve(out) }),
      ...(sideBySide !== undefined && { sideBySide: path.resolve(sideBySide) }),
      options: given({ steps, samples, noise, seed, patch, stride, maps }),
    };
    const value = explained(await engine.explain.save(request, { signal: task.signal }));
    return { value, text: () => describe(image, value, [out, sideBySide]) };
  });
};

/** Without what was not given. */
function given<T extends Readonly<Record<string, number | undefined>>>(options: T): Record<string, number> {
  return Object.fromEntries(Object.entries(options).filter((each): each is [string, number] => each[1] !== undefined));
}

/** Values as computed: ReLU'd where the method does so, divided by their maximum, not resized. */
export function explained({ method, instead, layer, class: found, score, maximum, map, milliseconds }: Explanation) {
  const bytes = new Uint8Array(Buffer.from(map.values, 'base64'));
  const rows = new Float32Array(bytes.buffer);
  return {
    method,
    ...(instead && { instead }),
    layer: layer?.name ?? null,
    ...(layer && { reason: layer.reason }),
    class: found,
    score,
    map: { height: map.height, width: map.width, values: [...rows] },
    maximum,
    milliseconds,
  };
}

function describe(
  image: string,
  { class: found, method, layer, map }: ReturnType<typeof explained>,
  files: readonly (string | undefined)[],
) {
  const where = layer === null ? '' : ` at ${layer}`;
  const written = files.flatMap((file) => file ?? []).map((file) => `\nwritten: ${file}`);
  const hottest = map.values.indexOf(1);
  const place =
    hottest < 0
      ? 'no heat'
      : `hottest in row ${Math.floor(hottest / map.width) + 1}, column ${(hottest % map.width) + 1}`;
  const size = `${map.height}×${map.width}`;
  return `${image}: ${found.label} ${percent(found.probability)} %, ${method}${where}, ${size}, ${place}${written.join('')}`;
}
