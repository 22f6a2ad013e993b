import { eventIterator, oc, type ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { engineBackendChoice } from './engine-status.ts';
import { filmTaste } from './video.ts';

/** What this host can do; a page asks, it never guesses where it runs. */
export const abilities = z.object({
  kind: z.enum(['desktop', 'browser']),
  /** Native dialogs for files and folders. */
  pick: z.boolean(),
  /** Dropped files come as paths (true) or must be uploaded (false). */
  paths: z.boolean(),
  /** Show a file in the system's file manager. */
  reveal: z.boolean(),
  /** The host tells news through the system (`notify`); else the page asks the browser for it. */
  notify: z.boolean(),
  platform: z.string(),
  version: z.string(),
  /** `Electron 45.4.1`, or the server's Node. */
  shell: z.string(),
});
export type Abilities = z.infer<typeof abilities>;

export const engineLife = z.object({
  state: z.enum(['starting', 'ready', 'lost']),
  /** Why it was lost, in English, for the log and the details fold. */
  reason: z.string(),
  /** Counts the engine processes of this host, from 1. */
  generation: z.number().int(),
});
export type EngineLife = z.infer<typeof engineLife>;

export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'zh']),
  backend: engineBackendChoice,
  /** The first-start cards were dismissed. */
  welcomed: z.boolean(),
  /** Sizes of panes in per cent, by page. */
  panes: z.record(z.string(), z.array(z.number())),
  recentProjects: z.array(z.string()),
  /** How films were made last. */
  film: filmTaste,
  /** Tell through the system what ended while the window was not in front. */
  notify: z.boolean(),
  /** In a browser: that it can tell has been offered. */
  notifyOffered: z.boolean(),
});
export type Preferences = z.infer<typeof preferences>;

export const defaultPreferences: Preferences = {
  theme: 'system',
  language: 'system',
  backend: 'auto',
  welcomed: false,
  panes: {},
  recentProjects: [],
  film: {},
  notify: true,
  notifyOffered: false,
};

/** How many recent projects are remembered. */
export const recentProjectsKept = 10;

/** A menu entry chosen, or files handed over by the system; the page acts as if the user had done it inside. */
export const hostAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string() }),
  z.object({ kind: z.literal('open'), paths: z.array(z.string()) }),
]);
export type HostAction = z.infer<typeof hostAction>;

export const pickRequest = z.object({
  kind: z.enum(['files', 'folder', 'save']),
  title: z.string().max(200),
  /** Suggested name for `save`. */
  name: z.string().max(255).optional(),
  filters: z.array(z.object({ name: z.string(), extensions: z.array(z.string()) })).default([]),
});

/** What ended while nobody looked. */
export const news = z.object({
  title: z.string().min(1).max(200),
  body: z.string().max(1000).default(''),
  /** What shows it: comes back as a `HostAction` when the person asks for it. */
  command: z.string().max(300),
});
export type News = z.infer<typeof news>;

/** How far the longest work under way is, 0…1; `unknown` where nobody can tell; null = nothing is under way. */
export const work = z.object({ share: z.union([z.number().min(0).max(1), z.literal('unknown'), z.null()]) });
export type Work = z.infer<typeof work>;

export const hostContract = {
  abilities: oc.output(abilities),
  /** The engine's life: the present state first, then each change. */
  engineLife: oc.output(eventIterator(engineLife)),
  /** Ends the engine if it lives and starts another. */
  restartEngine: oc.output(z.void()),
  preferences: oc.output(preferences),
  setPreferences: oc.input(preferences.partial()).output(preferences),
  /** Paths chosen; empty when the dialog was dismissed. Browser hosts answer with none: see `abilities.pick`. */
  pick: oc.input(pickRequest).output(z.array(z.string())),
  /** Shows the file in its folder. Fails: `file/missing`, `call/forbidden`. */
  reveal: oc.input(z.object({ path: z.string().max(4096) })).output(z.void()),
  /** Tells through the system; a click brings the window to the front and sends `command`. Without `abilities.notify` nothing happens. */
  notify: oc.input(news).output(z.void()),
  /** Shown in the task bar or dock; the machine stays awake until it is null. Browser hosts show nothing. */
  working: oc.input(work).output(z.void()),
  /** Menu commands, clicks on news, and files of the system, as they come. */
  actions: oc.output(eventIterator(hostAction)),
};

export type Host = ContractRouterClient<typeof hostContract>;
