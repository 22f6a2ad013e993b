import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { dataSetId, split } from './data.ts';
import { modelRef, photoFit, pixelTreatment } from './models.ts';

export const rankedClass = z.object({
  index: z.number().int(),
  label: z.string(),
  /** What the class is called where the network comes from: ImageNet's WordNet ids. */
  id: z.string().optional(),
  probability: z.number(),
});
export type RankedClass = z.infer<typeof rankedClass>;

export const digitPrediction = z.object({
  /** What the network gets: height × width × 1 bytes, base64. 28×28 unless the run's images have another size. */
  input: z.base64(),
  height: z.number().int(),
  width: z.number().int(),
  /** Where the drawing lay and where its centre of mass went, in input pixels; null for an empty canvas. */
  box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }).nullable(),
  /** All classes, most probable first; empty for an empty canvas. */
  top: z.array(rankedClass),
  milliseconds: z.number(),
});
export type DigitPrediction = z.infer<typeof digitPrediction>;

/** A photo that somebody opened: kept by its path, the file stays where it is. Its picture is `photoUrl` of `pictures.ts`. */
export const photo = z.object({
  id: z.string(),
  /** The file's name. */
  name: z.string(),
  path: z.string(),
  /** Upright, px; of a file that is gone, as it was. */
  width: z.number().int(),
  height: z.number().int(),
  /** ISO 8601. */
  opened: z.string(),
  /** The file is not where it was. */
  missing: z.literal(true).optional(),
});
export type Photo = z.infer<typeof photo>;

/** A picture to ask about: a photo, an image of a data set, or a drawing (grey levels, ink = 255, row by row). */
export const pictureRef = z.union([
  z.object({ photo: z.string().min(1).max(100) }),
  z.object({ dataset: dataSetId, split, index: z.number().int().min(0) }),
  z.object({
    drawing: z.object({
      width: z.number().int().min(8).max(512),
      height: z.number().int().min(8).max(512),
      pixels: z.base64().max(400_000),
      /** To MNIST's rule first; see `digit`. */
      centre: z.boolean(),
    }),
  }),
  /** For the command line. */
  z.object({ path: z.string().min(1).max(4096) }),
]);
export type PictureRef = z.infer<typeof pictureRef>;

/** How a picture becomes input; what is absent is as the model has it. */
export const inputWays = z.object({
  fit: photoFit.optional(),
  pixels: pixelTreatment.optional(),
  /** Turn dark-on-light pictures into light-on-dark ones, as MNIST is: by looking at the border. Absent = auto. */
  invert: z.enum(['auto', 'no', 'yes']).optional(),
});
export type InputWays = z.infer<typeof inputWays>;

/** Where in a picture the network's input lies. */
export const inputPlace = z.object({
  /** Of the whole picture, upright, px. */
  picture: z.object({ width: z.number(), height: z.number() }),
  /** What of it the network sees, in its px; negative or beyond it where borders were added. */
  seen: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  /** Of the input, px. */
  input: z.object({ width: z.number().int(), height: z.number().int() }),
  inverted: z.boolean(),
  /** In words: `shorter side to 224, centre 224×224 cut out`. */
  how: z.string(),
});
export type InputPlace = z.infer<typeof inputPlace>;

export const picturePrediction = z.object({
  model: modelRef,
  /** At most `top`, most probable first, those above the threshold. */
  top: z.array(rankedClass),
  /** All, in the order of the classes. */
  softmax: z.array(z.number()),
  place: inputPlace,
  /** From the file to the answer, and of the network alone. */
  milliseconds: z.object({ whole: z.number(), network: z.number() }),
});
export type PicturePrediction = z.infer<typeof picturePrediction>;

/** A line of a batch: what came out, or why nothing did. */
export const batchRow = z.object({
  file: z.string(),
  photo: z.string().optional(),
  top: z.array(rankedClass),
  failure: z
    .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])) })
    .optional(),
});
export type BatchRow = z.infer<typeof batchRow>;

export const batchProgress = z.object({
  rows: z.array(batchRow),
  done: z.number().int(),
  total: z.number().int(),
  imagesPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
});

/** A synset of WordNet's noun tree over ImageNet's classes; flat, parents before children. */
export const treeNode = z.object({
  id: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  /** Of a class of ImageNet: its place among the thousand. */
  index: z.number().int().optional(),
});
export type TreeNode = z.infer<typeof treeNode>;

const asking = {
  model: modelRef,
  top: z.number().int().min(1).max(1000).default(5),
  threshold: z.number().min(0).max(1).default(0),
  ways: inputWays.default({}),
};

export const predictionContract = {
  /** Newest first. */
  photos: oc.output(z.array(photo)),
  /** Files, or folders (their pictures, by name, folders in them too). What is no picture is passed over and named. Fails: `photo/none`. */
  openPhotos: oc
    .input(z.object({ paths: z.array(z.string().min(1).max(4096)).min(1).max(100_000) }))
    .output(z.object({ photos: z.array(photo), skipped: z.array(z.object({ file: z.string(), reason: z.string() })) })),
  /** A picture that was pasted: PNG or JPEG bytes; kept in the project. Fails: `image/unreadable`, `image/too-large`. */
  pastePhoto: oc.input(z.object({ bytes: z.base64().max(60_000_000), name: z.string().max(200) })).output(photo),
  /** From the list; files stay. */
  closePhotos: oc.input(z.object({ ids: z.array(z.string()).max(100_000) })).output(z.void()),
  /** Puts them back after an undo. */
  restorePhotos: oc.input(z.object({ ids: z.array(z.string()).max(100_000) })).output(z.array(photo)),
  /** Fails: `model/unknown`, `model/wrong-input`, `photo/unknown`, `image/…`, `engine/not-ready`. */
  picture: oc.input(z.object({ ...asking, picture: pictureRef })).output(picturePrediction),
  /** Many pictures, in batches; a bad one is a row with its failure. Cancelled, what was told stays told. */
  batch: oc
    .input(
      z.object({
        ...asking,
        photos: z.array(z.string()).max(100_000).optional(),
        paths: z.array(z.string().min(1).max(4096)).max(100_000).optional(),
      }),
    )
    .output(eventIterator(batchProgress, batchProgress)),
  /** WordNet's tree over ImageNet's classes. */
  tree: oc.output(z.array(treeNode)),
  /**
   * A drawing (grey levels, ink = 255) as MNIST made its digits: cut to the ink, scaled into a 20×20 box, centred by
   * mass in 28×28. Fails: `run/unknown`, `run/no-weights`, `engine/not-ready`.
   */
  digit: oc
    .input(
      z.object({
        /** A run, or another model of grey images. */
        run: modelRef,
        width: z.number().int().min(8).max(512),
        height: z.number().int().min(8).max(512),
        pixels: z.base64().max(400_000),
        /** False: the picture is already as the network wants it. */
        centre: z.boolean().default(true),
      }),
    )
    .output(digitPrediction),
};
