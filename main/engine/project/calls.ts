import type { WorkProgress } from '#contract/data-import.ts';
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

/** Work that tells how far it is, as a stream: `withProgress` of the data room, which stands right of this one. */
type Follow = <T>(
  signal: AbortSignal | undefined,
  work: (tell: (done: number, total: number) => void, signal: AbortSignal) => Promise<T>,
) => AsyncGenerator<WorkProgress, T>;

export function projectCalls(holder: ProjectHolder, follow: Follow) {
  return {
    current: wire.project.current.handler(() => holder.current().summary()),
    open: wire.project.open.handler(async ({ input }) => (await holder.open(input.folder)).summary()),
    rename: wire.project.rename.handler(async ({ input }) => {
      await holder.current().rename(input.name);
      return holder.current().summary();
    }),
    archive: wire.project.archive.handler(async function* ({ input: { file }, signal }) {
      const project = holder.current();
      return yield* follow(signal, (tell, stop) => archiveProject(project, file, { tell, signal: stop }));
    }),
    unpack: wire.project.unpack.handler(async function* ({ input: { file, folder = folderForArchive(file) }, signal }) {
      yield* follow(signal, (tell, stop) => unpackArchive(file, folder, { tell, signal: stop }));
      return (await holder.open(folder)).summary();
    }),
    recognise: wire.project.recognise.handler(({ input }) => recogniseProject(input.path)),
  };
}
