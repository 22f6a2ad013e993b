import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { workProgress } from './data-import.ts';

export const projectSummary = z.object({
  name: z.string(),
  folder: z.string(),
  created: z.string(),
  runs: z.number().int(),
  datasets: z.number().int(),
  /** Bytes on disk. */
  bytes: z.number(),
});
export type ProjectSummary = z.infer<typeof projectSummary>;

const path = z.string().min(1).max(4096);

/** A project is a folder of readable files; nothing needs a Save button. */
export const projectContract = {
  current: oc.output(projectSummary),
  /** Opens a project folder, or makes one in an empty or missing folder. Fails: `project/…`, `run/active`. */
  open: oc.input(z.object({ folder: path })).output(projectSummary),
  rename: oc.input(z.object({ name: z.string().min(1).max(200) })).output(projectSummary),
  /** Writes the whole project into one zip, under its name only when whole; told in bytes. Fails: `file/no-space`. */
  archive: oc
    .input(z.object({ file: path }))
    .output(eventIterator(workProgress, z.object({ file: z.string(), bytes: z.number() }))),
  /**
   * Unpacks an archive into an empty or missing folder and opens it. @param folder absent = one of the archive's name, beside
   * the project that opens by itself. Told in bytes. Fails: `project/archive-damaged`, `project/folder-not-empty`, `run/active`.
   */
  unpack: oc
    .input(z.object({ file: path, folder: path.optional() }))
    .output(eventIterator(workProgress, projectSummary)),
  /** What lies at a path, by its content. */
  recognise: oc.input(z.object({ path })).output(z.enum(['folder', 'archive', 'neither'])),
};
