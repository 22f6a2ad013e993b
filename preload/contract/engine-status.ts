import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';

/** A fact about why the engine is not better than it is; the sentence is in assets/strings under `engine.notes.<code>`. */
export const engineNote = z.object({
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The same in English, for the command line and the log. */
  message: z.string(),
});
export type EngineNote = z.infer<typeof engineNote>;

export const engineStatus = z.object({
  backend: z.enum(['tensorflow', 'wasm', 'cpu']),
  /** Of TensorFlow, or of TensorFlow.js for its own backends. */
  version: z.string(),
  device: z.object({ kind: z.enum(['cpu', 'cuda']), name: z.string() }),
  memory: z.object({
    /** Resident memory of the engine, bytes. */
    resident: z.number(),
    tensors: z.number().int(),
    tensorBytes: z.number(),
    /** Of the machine. */
    total: z.number(),
  }),
  /** Steps run as compiled graphs. */
  compiled: z.boolean(),
  /** `small`: networks of dense layers only; `none`: prediction only. */
  trains: z.enum(['everything', 'small', 'none']),
  node: z.string(),
  pid: z.number().int(),
  notes: z.array(engineNote),
});
export type EngineStatus = z.infer<typeof engineStatus>;

export const provisionStage = z.enum(['check', 'lock', 'download', 'verify', 'unpack', 'compile', 'probe', 'done']);
export type ProvisionStage = z.infer<typeof provisionStage>;

export const provisionProgress = z.object({
  stage: provisionStage,
  /** Bytes or files, with total; 0 of 0 where it cannot be told. */
  done: z.number(),
  total: z.number(),
  unit: z.enum(['bytes', 'files', 'none']),
  secondsLeft: z.number().nullable(),
  /** For the command line and the log. */
  message: z.string(),
});
export type ProvisionProgress = z.infer<typeof provisionProgress>;

export const engineBackendChoice = z.enum(['auto', 'tensorflow', 'js']);
export type EngineBackendChoice = z.infer<typeof engineBackendChoice>;

export const engineStatusContract = {
  status: oc.output(engineStatus),
  /**
   * Gets TensorFlow into the per-user cache; repeatable, resumable, locked against a second one. Afterwards the engine
   * must be started anew to use it. Fails: the `provision/…` codes.
   */
  provision: oc.output(eventIterator(provisionProgress, z.object({ folder: z.string(), version: z.string() }))),
};
