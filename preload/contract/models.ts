import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { fitRule as photoFit } from './data-import.ts';
import { preprocessing } from './network.ts';

/**
 * Names any model that has weights: a run by its id, a run after an epoch as `<run>@<epoch>` (where weights of that epoch
 * were kept; `@best` = its best checkpoint), a model opened from a file as `own-…`, a model of the zoo by its id (`resnet50`).
 */
export const modelRef = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(@(\d+|best))?$/);
export type ModelRef = z.infer<typeof modelRef>;

/** A class as people call it, and its id where it has one (ImageNet's WordNet ids: n02124075). */
export const className = z.object({ label: z.string().max(500), id: z.string().max(100).optional() });
export type ClassName = z.infer<typeof className>;

/** How a photo of another shape becomes the network's input. */
export { fitRule as photoFit, type FitRule as PhotoFit } from './data-import.ts';

/** The pixels' treatment that travels with a model; figures of `standardize` are of each channel, 0…255. */
export const pixelTreatment = z.union([
  z.object({ kind: preprocessing }),
  z.object({
    kind: z.literal('standardize'),
    mean: z.array(z.number()).min(1).max(1024).readonly(),
    deviation: z.array(z.number().min(0)).min(1).max(1024).readonly(),
  }),
]);
export type PixelTreatment = z.infer<typeof pixelTreatment>;

export const knownModel = z.object({
  ref: modelRef,
  kind: z.enum(['run', 'file', 'zoo']),
  name: z.string(),
  /** How many; their names come with `models.classes`. */
  classes: z.number().int(),
  height: z.number().int(),
  width: z.number().int(),
  channels: z.number().int(),
  /** 0 for a SavedModel: it has operations, and cannot be trained, exported or explained by gradients. */
  parameters: z.number().int(),
  pixels: pixelTreatment,
  fit: photoFit,
  /** Its classes are ImageNet's thousand, in the usual order. */
  imagenet: z.boolean(),
  /** Of runs: the data set it was trained on. */
  dataset: z.string().optional(),
  /** Of runs: epochs whose weights are kept, first to last. */
  epochs: z.array(z.number().int()).optional(),
  /** Of models from files: what file, and what was changed in reading it, in words. */
  origin: z.object({ file: z.string(), format: z.string(), notes: z.array(z.string()) }).optional(),
  /** Changes with the weights. */
  revision: z.string(),
});
export type KnownModel = z.infer<typeof knownModel>;

export const readFormat = z.enum(['keras', 'h5', 'h5-weights', 'architecture', 'tfjs', 'saved-model']);
export const writtenFormat = z.enum([
  'keras',
  'h5',
  'h5-weights',
  'architecture',
  'saved-model',
  'tfjs',
  'onnx',
  'tflite',
]);
export type ReadFormat = z.infer<typeof readFormat>;
export type WrittenFormat = z.infer<typeof writtenFormat>;

const path = z.string().min(1).max(4096);

/** What a model file is, before it is taken in. */
export const modelLook = z.object({
  path,
  format: readFormat,
  name: z.string(),
  /** Absent for files of weights alone. */
  network: z
    .object({
      height: z.number().int(),
      width: z.number().int(),
      channels: z.number().int(),
      classes: z.number().int(),
      /** Absent for a SavedModel, which has operations. */
      layers: z.number().int().optional(),
      parameters: z.number().int().optional(),
      /** Of softmax or other outputs: `softmax`, `linear`. */
      endsIn: z.string().optional(),
    })
    .optional(),
  /** What the file says of itself: Heatlens' own exports do, bare Keras files do not. */
  pixels: pixelTreatment.optional(),
  classes: z.array(className).optional(),
  /** The optimizer whose state is in it. */
  optimizer: z.string().optional(),
  /** Sentences: what is changed in reading. */
  notes: z.array(z.string()),
  bytes: z.number(),
});
export type ModelLook = z.infer<typeof modelLook>;

export const exportOptions = z.object({
  model: modelRef,
  format: writtenFormat,
  path,
  /** `inside`: layers do it, the file takes RGB 0…255. `beside`: the file says what is to be done first. Absent = inside. */
  pixels: z.enum(['inside', 'beside']).optional(),
  /** Optimizer state: always in .keras where there is one; in .h5 on request (Keras 3.15 misreads it). Absent = by that rule. */
  optimizer: z.boolean().optional(),
  /** SavedModel: weights as variables or as constants. Absent = variables. */
  weights: z.enum(['variables', 'constants']).optional(),
});
export type ExportOptions = z.infer<typeof exportOptions>;

/** The file read back, and both asked about the same images. */
export const exportChecked = z.object({
  images: z.number().int(),
  /** Largest difference of any probability. */
  maxDifference: z.number(),
  /** Images whose most probable class is the same. */
  agree: z.number().int(),
  /** How it was read back: by Heatlens' reader, TensorFlow…; where the format cannot be read here, what was compared instead. */
  by: z.string(),
});
export type ExportChecked = z.infer<typeof exportChecked>;

export const exportResult = z.object({
  file: z.string(),
  bytes: z.number(),
  /** Null for an architecture alone. */
  checked: exportChecked.nullable(),
  notes: z.array(z.string()),
});
export type ExportResult = z.infer<typeof exportResult>;

/** A run as a program in Python: a folder, or a .zip of one. */
export const programOptions = z.object({
  /** A run; `<run>@<epoch>` and `<run>@best` choose the weights that `kept` means. */
  model: modelRef,
  /** A new folder, or a file that ends in .zip. */
  path,
  /** `along`: images are copied, as the network sees them. `by-path`: the program reads the files that the data set was made of. Absent = along. */
  images: z.enum(['along', 'by-path']).optional(),
  /** The data set that it trains on: one of the same classes and size. Absent = the run's. */
  dataset: z.string().max(128).optional(),
  /** The weights the run began with, so that it can be repeated. Absent = yes. */
  first: z.boolean().optional(),
  /** The weights it has, with the optimizer's state, so that it can go on. Absent = yes. */
  kept: z.boolean().optional(),
});
export type ProgramOptions = z.infer<typeof programOptions>;

export const exportProgress = z.object({
  stage: z.enum(['reading', 'writing', 'checking']),
  done: z.number(),
  total: z.number(),
});
export type ExportProgress = z.infer<typeof exportProgress>;

const ref = z.object({ model: modelRef });

/** Models of every origin. Calls that name one may fail with `model/unknown`. */
export const modelsContract = {
  /** Runs with weights (newest first), models from files, then what of the zoo is here. */
  list: oc.output(z.array(knownModel)),
  classes: oc.input(ref).output(z.array(className)),
  /** Fails: `model/file-refused` with the reason, `model/file-damaged`, `file/missing`, `file/too-large`. */
  look: oc.input(z.object({ path })).output(modelLook),
  /**
   * Takes a model file into the project, as a network of the user's with weights. Weights alone (`h5-weights`) need the
   * network they belong to: a preset, an own network or a model of the zoo by id; its classes as the file has them.
   * Fails: as `look`, `model/weights-differ` naming what does not fit.
   */
  open: oc
    .input(
      z.object({
        path,
        name: z.string().max(200).optional(),
        network: z.string().max(200).optional(),
        pixels: pixelTreatment.optional(),
        classes: z.union([z.array(className).max(100_000), z.literal('imagenet')]).optional(),
      }),
    )
    .output(knownModel),
  /** Of a model from a file: its name, pixels, classes, and how photos fit. */
  describe: oc
    .input(
      ref.extend({
        name: z.string().min(1).max(200).optional(),
        pixels: pixelTreatment.optional(),
        classes: z.union([z.array(className).max(100_000), z.literal('imagenet')]).optional(),
        fit: photoFit.optional(),
      }),
    )
    .output(knownModel),
  /** Moves a model from a file, and its network, to the project's trash. */
  discard: oc.input(ref).output(z.void()),
  restore: oc.input(ref).output(knownModel),
  /** Writes, reads back, compares; the file stands under its name only when all went well. Fails: `model/cannot-write` naming layer and reason, `model/export-differs`, `file/…`. */
  export: oc.input(exportOptions).output(eventIterator(exportProgress, exportResult)),
  /**
   * Writes a run as a Python program on Keras that trains it on one machine or several. The notes say what it does not do
   * as Heatlens does. Fails: `model/no-program` with the reason, `model/cannot-write`, `model/export-differs`,
   * `project/folder-not-empty`, `run/…`, `data/…`, `file/…`.
   */
  program: oc.input(programOptions).output(eventIterator(exportProgress, exportResult)),
};
