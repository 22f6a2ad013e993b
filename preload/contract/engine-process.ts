import { z } from 'zod';
import { engineBackendChoice } from './engine-status.ts';

/** Between a host and the engine process it started: everything that is not a call. */

/** One argument of the engine's command line, as JSON. */
export const engineArguments = z.object({
  /** The project to open; absent = the default one. */
  project: z.string().optional(),
  backend: engineBackendChoice,
  /**
   * Whether runs that are queued in a project begin by themselves when it is opened, unless the engine before crashed; absent
   * = they wait to be told. Only a host that stays lets them.
   */
  queue: z.enum(['goes-on', 'waits']).optional(),
});
export type EngineArguments = z.infer<typeof engineArguments>;

/** What the engine tells its host. */
export const engineMessage = z.discriminatedUnion('kind', [
  /** Calls are answered from now on; pictures too, over HTTP at this socket or named pipe. */
  z.object({ kind: z.literal('ready'), pictures: z.string() }),
  /** It cannot start and ends itself. */
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);
export type EngineMessage = z.infer<typeof engineMessage>;

/** What the host tells the engine: end cleanly. With Electron's own transport a new port comes along with `port`. */
export const hostMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('port') }),
  z.object({ kind: z.literal('end') }),
]);
export type HostMessage = z.infer<typeof hostMessage>;

/** Seconds that an engine has to save and go after it was told to. */
export const endSeconds = 5;

/**
 * One line of the engine's stdout, which carries nothing else. Written by a thread of its own, so that it comes even
 * while the engine sits in a long native call.
 */
export const pulse = z.object({
  /** Counts from 1. */
  pulse: z.number().int(),
  /** Milliseconds since the engine's main loop last turned. */
  lag: z.number(),
  /** What makes a lag honest, e.g. `training step`. */
  busy: z.string().nullable(),
});
export type Pulse = z.infer<typeof pulse>;

/** Milliseconds between two pulses. */
export const pulseEvery = 250;

/** What an engine is busy with in each step of a training; hosts keep the machine awake meanwhile. */
export const trainingLabel = 'training step';

/** What it is busy with while a film runs through a network; the same. */
export const filmLabel = 'film';

/** All labels of work that goes on for long by itself. */
export const awakeLabels: readonly string[] = [
  trainingLabel,
  filmLabel,
  'evaluation step',
  'computing features',
  'export',
];
