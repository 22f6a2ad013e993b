import { wire } from '#engine/wire.ts';
import { archiveProject } from './archive.ts';
import type { Project } from './project.ts';
import { folderForArchive, recogniseProject } from './recognise.ts';
import { unpackArchive } from './unpack.ts';

/** The project that is open now. `open` also swaps everything that hangs on it; it may refuse with `run/active`. */
export interface ProjectHolder {
  current(): Project;
  open(folder: string): Promise<Project>;
}

export function projectCalls(holder: ProjectHolder) {
  return {
    current: wire.project.current.handler(() => holder.current().summary()),
    open: wire.project.open.handler(async ({ input }) => (await holder.open(input.folder)).summary()),
    rename: wire.project.rename.handler(async ({ input }) => {
      await holder.current().rename(input.name);
      return holder.current().summary();
    }),
    archive: wire.project.archive.handler(({ input }) => archiveProject(holder.current(), input.file)),
    unpack: wire.project.unpack.handler(async ({ input }) => {
      const { file, folder = folderForArchive(file) } = input;
      await unpackArchive(file, folder);
      return (await holder.open(folder)).summary();
    }),
    recognise: wire.project.recognise.handler(({ input }) => recogniseProject(input.path)),
  };
}
