import { chooseLayer, contributing } from '#engine/explain/layer-choice.ts';
import { placeLayers } from '#engine/model/summary.ts';
import { tunedSpec } from './fine-tuning.ts';
import { readJob } from './job.ts';
import { specNamed } from './spec-named.ts';

/** A network as every side builds it: its layers in Keras' terms, each with the names of those it takes, and the one that is explained. */
const { work, preset, images } = readJob();
const spec = work === 'fine-tune' ? tunedSpec({ preset, images }) : specNamed(preset);
const layers = placeLayers(spec, images)
  .map(({ layer, inputs }) => ({ ...layer, inputs }))
  .map((layer) => (layer.kind === 'Dense' && layer.units === 'classes' ? { ...layer, units: images.classes } : layer));
const layer = chooseLayer(contributing(placeLayers(spec, images)))?.name;
process.stdout.write(JSON.stringify({ name: spec.id, images, layer, layers, auxiliary: spec.auxiliary ?? [] }));
