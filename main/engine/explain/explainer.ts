import type { ExplainLayer, ExplainMethod } from '#contract/explain.ts';
import { AppError } from '#contract/failures.ts';
import type { Network } from '#engine/model/network.ts';
import { softmax } from '#engine/predict/softmax.ts';
import { ActivationMaps } from './activation-maps.ts';
import { divided, type Heat, type Plane } from './heat.ts';
import { chooseLayer, namedLayer, spatialLayers, type ChosenLayer } from './layer-choice.ts';
import { NetworkParts } from './network-parts.ts';
import { Graphs } from './graphs.ts';
import { occlusion } from './occlusion.ts';
import { integratedGradients, plainGradients, PixelGradients, smoothGradients } from './pixel-gradients.ts';
import type { Asked, Logits, Question, Subject, Watching } from './question.ts';
import { scoreCam } from './score-cam.ts';

/** Methods that look at a layer; the others end at pixels. */
const atLayer: ReadonlySet<ExplainMethod> = new Set(['grad-cam', 'grad-cam++', 'score-cam']);

/** Explains what one network answers. It keeps its graphs until it is disposed of; the network is somebody else's. */
export class Explainer {
  readonly parts: NetworkParts;
  readonly layers: readonly ExplainLayer[];
  /** By itself; null where the network has no places. */
  readonly chosen: ChosenLayer | null;
  readonly #graphs: Graphs;
  readonly #maps: ActivationMaps;
  readonly #gradients: PixelGradients;
  readonly #subject: Subject;

  /** @param given.changing the network's weights will be `write`n to */
  constructor(network: Network, { changing = false, logits }: { changing?: boolean; logits?: Logits } = {}) {
    this.parts = new NetworkParts(network);
    this.layers = spatialLayers(this.parts.layers);
    this.chosen = chooseLayer(this.parts.layers);
    this.#graphs = new Graphs(network, { changing });
    this.#maps = new ActivationMaps(this.parts, this.#graphs);
    this.#gradients = new PixelGradients(this.parts, this.#graphs);
    const own: Logits = (pixels, count) => this.#maps.logits(pixels, count);
    this.#subject = { parts: this.parts, graphs: this.#graphs, logits: logits ?? own };
  }

  /**
   * One picture.
   *
   * @param pixels [height, width, channel], 0…255
   * @param index of the class; null = the most probable
   * Fails: `explain/unknown-layer`, `explain/unknown-class`, `explain/no-gradients`, `model/wrong-input`.
   */
  async heat(pixels: Uint8Array, index: number | null, question: Question, watching: Watching = {}): Promise<Heat> {
    const { method, layer, instead } = this.way(question);
    if (layer && (method === 'grad-cam' || method === 'grad-cam++')) {
      const [heat] = this.heatMaps(pixels, [index], question);
      if (!heat) throw new Error('One picture gives one map.');
      return heat;
    }
    this.#refuseOthers(pixels, [index]);
    const logits = this.#subject.logits(pixels, 1);
    const chosen = index ?? largest(logits);
    const { options = {} } = question;
    const asked = { pixels, class: chosen, options, watching };
    const raw = await this.#raw(method, layer, asked);
    return {
      ...{ method, layer, class: chosen, probabilities: softmax(logits), score: logits[chosen] ?? 0 },
      ...(instead && { instead }),
      ...divided(raw.height, raw.width, raw.values),
    };
  }

  /**
   * Many pictures at once, by Grad-CAM or Grad-CAM++: one graph, one pass. Fails: as `heat`.
   *
   * @param pixels [count, height, width, channel]
   * @param classes one for each picture; null = the most probable
   */
  heatMaps(pixels: Uint8Array, classes: readonly (number | null)[], question: Question): Heat[] {
    const { method, layer } = this.way(question);
    if (!layer || (method !== 'grad-cam' && method !== 'grad-cam++')) throw new Error(`${method} takes one picture.`);
    this.#refuseOthers(pixels, classes);
    const { logits, maps } = this.#maps.run(pixels, classes, method, layer.name);
    const size = layer.height * layer.width;
    return classes.map((given, place) => {
      const row = logits.subarray(place * this.parts.classes, (place + 1) * this.parts.classes);
      const index = given ?? largest(row);
      return {
        ...{ method, layer, class: index, probabilities: softmax(row), score: row[index] ?? 0 },
        ...divided(layer.height, layer.width, maps.subarray(place * size, (place + 1) * size)),
      };
    });
  }

  /** Whether `heatMaps` takes it: with several pictures faster than one after the other. */
  takesMany(question: Question): boolean {
    const { method, layer } = this.way(question);
    return layer !== null && (method === 'grad-cam' || method === 'grad-cam++');
  }

  /** New weights, for a network of its own. */
  write(values: readonly Float32Array[]): void {
    this.#graphs.write(values);
  }

  dispose(): void {
    this.#graphs.dispose();
  }

  /** How this question is answered here. Fails: `explain/unknown-layer`. */
  way({ method, layer: name }: Question): Pick<Heat, 'method' | 'layer' | 'instead'> {
    if (!atLayer.has(method)) return { method, layer: null };
    const layer = name === undefined ? this.chosen : namedLayer(this.parts.layers, name);
    return layer ? { method, layer } : { method: 'gradients', layer: null, instead: 'no-spatial-layer' };
  }

  async #raw(method: ExplainMethod, layer: ChosenLayer | null, asked: Asked): Promise<Plane> {
    switch (method) {
      case 'score-cam':
        if (!layer) throw new Error('Score-CAM looks at a layer.');
        return scoreCam(this.#subject, this.#maps, layer, asked);
      case 'integrated-gradients':
        return integratedGradients(this.#gradients, asked);
      case 'smooth-grad':
        return smoothGradients(this.#gradients, asked);
      case 'occlusion':
        return occlusion(this.#subject, asked);
      default:
        return plainGradients(this.#gradients, asked);
    }
  }

  #refuseOthers(pixels: Uint8Array, classes: readonly (number | null)[]): void {
    const [height, width, channels] = this.parts.shape;
    if (pixels.length !== classes.length * height * width * channels) {
      const received = `${pixels.length / classes.length} values`;
      const expected = `${height}×${width}×${channels}`;
      const message = `The network takes images of ${expected}; received ${received}.`;
      throw new AppError('model/wrong-input', message, { expected, received });
    }
    const wrong = classes.find((index) => index !== null && !(index >= 0 && index < this.parts.classes));
    if (wrong === undefined || wrong === null) return;
    const message = `The network has ${this.parts.classes} classes; there is no class ${wrong}.`;
    throw new AppError('explain/unknown-class', message, { class: wrong, classes: this.parts.classes });
  }
}

/** Of equals the first. */
export function largest(values: Float32Array): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? -Infinity) ? at : best), 0);
}
