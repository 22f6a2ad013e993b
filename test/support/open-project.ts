import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Project } from '#engine/project/project.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A new project that is closed and removed when the test ends. */
export async function openProject(folder?: string): Promise<Project> {
  const project = await Project.open(folder ?? join(await temporaryFolder(), 'project'));
  onTestFinished(() => project.close());
  return project;
}
