import { damaged } from '../../file-problem.ts';
import type { Outline, OutlinedDataset } from '../../hdf5/words.ts';

/** An array of a layer, where it lies in the file. */
export interface StoredWeight {
  /** `kernel`; empty where the file numbers them. */
  readonly name: string;
  readonly path: string;
  readonly shape: readonly number[];
}

/** A layer's arrays as the file has them, in Keras' order. */
export interface StoredLayer {
  /** As the layer is called; of layers in a model inside of the model, the innermost. */
  readonly name: string;
  /** Of the outermost. */
  readonly group: string;
  /** Where it lies, in Keras 3's files: `layers/conv2d_1`, which its class and place say. */
  readonly place?: string;
  readonly weights: readonly StoredWeight[];
}

/** Which of Keras' layouts a file has (keras/src/legacy/saving/legacy_h5_format.py, keras/src/saving/saving_lib.py). */
export type Layout = 'whole' | 'legacy' | 'store';

/** Throws `FileProblem` where it is none of them. */
export function layoutOf({ attributes, groups }: Outline): Layout {
  if (typeof attributes['model_config'] === 'string') return 'whole';
  if (namesIn(attributes, 'layer_names').length > 0) return 'legacy';
  if (groups.has('layers') || groups.has('_layer_checkpoint_dependencies')) return 'store';
  throw damaged('it is an HDF5 file, but none of Keras’');
}

/** Every layer that has arrays, in the file's order. Throws `FileProblem`. */
export function storedLayers(outline: Outline, layout: Layout): StoredLayer[] {
  if (layout === 'store') return inStore(outline, '', '', '');
  if (layout === 'legacy') return inLegacy(outline, '');
  const weights = outline.groups.get('model_weights');
  if (!weights) throw damaged('it has no group model_weights');
  return inLegacy(weights, '/model_weights');
}

/** A list of names that may go on in further attributes: layer_names0, layer_names1… */
export function namesIn(attributes: Outline['attributes'], name: string): readonly string[] {
  const whole = attributes[name];
  if (whole !== undefined) return typeof whole === 'string' ? [whole] : whole;
  const names: string[] = [];
  for (let part = 0; ; part++) {
    const more = attributes[`${name}${part}`];
    if (more === undefined) return names;
    names.push(...(typeof more === 'string' ? [more] : more));
  }
}

function inLegacy(outline: Outline, at: string): StoredLayer[] {
  return namesIn(outline.attributes, 'layer_names').flatMap((group) => {
    // Names may have slashes, which in HDF5 are groups in groups.
    const found = groupAt(outline, group);
    if (!found) throw damaged(`it names a layer ${group} that is not in it`);
    const layers = new Map<string, StoredWeight[]>();
    for (const said of namesIn(found.attributes, 'weight_names')) {
      const dataset = datasetAt(found, said);
      if (!dataset) throw damaged(`it names an array ${said} that is not in it`);
      const parts = said.replace(/:\d+$/, '').split('/');
      const name = parts.at(-1) ?? said;
      // A model inside of it has the arrays of all its layers.
      const layer = parts.at(-2) ?? group;
      const weights = layers.get(layer) ?? [];
      weights.push({ name, path: `${at}/${group}/${said}`, shape: dataset.shape });
      layers.set(layer, weights);
    }
    const alone = layers.size === 1;
    return [...layers].map(([name, weights]) => ({ name: alone ? group : name, group, weights }));
  });
}

function inStore(outline: Outline, at: string, place: string, group: string): StoredLayer[] {
  const layers = outline.groups.get('layers') ?? outline.groups.get('_layer_checkpoint_dependencies');
  if (!layers) return [];
  const inside = outline.groups.has('layers') ? 'layers' : '_layer_checkpoint_dependencies';
  return [...layers.groups]
    .sort(([a], [b]) => naturally(a, b))
    .flatMap(([key, layer]) => {
      const path = `${at}/${inside}/${key}`;
      const here = place === '' ? `layers/${key}` : `${place}/layers/${key}`;
      const vars = layer.groups.get('vars');
      const said = vars?.attributes['name'];
      const name = typeof said === 'string' && said !== '' ? said : key;
      const outer = group || name;
      const weights = [...(vars?.datasets ?? [])]
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([number, { shape }]) => ({ name: '', path: `${path}/vars/${number}`, shape }));
      const own = weights.length > 0 ? [{ name, group: outer, place: here, weights }] : [];
      return [...own, ...inStore(layer, path, here, outer)];
    });
}

/** `conv2d`, `conv2d_1`, `conv2d_2`, `conv2d_10`. */
function naturally(a: string, b: string): number {
  const [one, two] = [parted(a), parted(b)];
  return one.family < two.family ? -1 : one.family > two.family ? 1 : one.number - two.number;
}

/** A name as Keras makes them: a family and a number. */
export function parted(name: string): { family: string; number: number } {
  const match = /^(.*?)_(\d+)$/.exec(name);
  return { family: match?.[1] ?? name, number: match ? Number(match[2]) : 0 };
}

function groupAt(outline: Outline, path: string): Outline | undefined {
  let at: Outline | undefined = outline;
  for (const part of path.split('/')) at = at?.groups.get(part);
  return at;
}

function datasetAt(outline: Outline, path: string): OutlinedDataset | undefined {
  const cut = path.lastIndexOf('/');
  const group = cut < 0 ? outline : groupAt(outline, path.slice(0, cut));
  return group?.datasets.get(path.slice(cut + 1));
}
