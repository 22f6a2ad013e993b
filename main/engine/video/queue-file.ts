import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { filmJob, type FilmJob } from '#contract/video.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { ifPresent } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { keptFilm } from './samples.ts';

/** A film in the queue, with what its making needs. */
const keptJob = z.object({
  id: filmJob.shape.id,
  /** As it was when it was put there: it may be closed meanwhile. */
  film: keptFilm,
  settings: filmJob.shape.settings,
  out: z.string().optional(),
  state: z.enum(['waiting', 'running', 'failed']),
  failure: filmJob.shape.failure,
});
export type KeptJob = z.infer<typeof keptJob>;
export type JobState = FilmJob['state'];

const queueFile = z.object({ version: z.literal(1), jobs: z.array(keptJob) });

const fileOf = (project: Project) => join(project.folder, 'film-queue.json');

/** In their order. A file that cannot be read is a queue that is empty; `report` hears of it. */
export async function readQueue(project: Project, report: (thrown: unknown) => void): Promise<KeptJob[]> {
  try {
    const text = await ifPresent(readFile(fileOf(project), 'utf8'));
    return text === null ? [] : queueFile.parse(JSON.parse(text)).jobs;
  } catch (thrown) {
    report(thrown);
    return [];
  }
}

/** Fails: `file/no-space`, `file/not-writable`; what was there stays. */
export async function writeQueue(project: Project, jobs: readonly KeptJob[]): Promise<void> {
  await writeAtomic(fileOf(project), `${JSON.stringify({ version: 1, jobs }, null, 2)}\n`);
}
