import { recentProjectsKept } from '#contract/host.ts';
import type { WorkProgress } from '#contract/data-import.ts';
import type { ProjectSummary } from '#contract/project.ts';
import type { Link } from '#page-link/index.ts';
import type { Preferences } from './preferences.svelte.ts';

/** A project on its way into one file, or out of one. */
export interface ProjectWork {
  readonly kind: 'archive' | 'unpack';
  readonly file: string;
  /** In bytes; null until it is known. */
  readonly progress: WorkProgress | null;
}

/** The project that is open, and those that were. */
export class Projects {
  #current = $state.raw<ProjectSummary | null>(null);
  #work = $state.raw<ProjectWork | null>(null);
  #stop = new AbortController();
  #link: Link;
  #preferences: Preferences;

  constructor(link: Link, preferences: Preferences) {
    this.#link = link;
    this.#preferences = preferences;
  }

  /** Null until the engine has told. */
  get current(): ProjectSummary | null {
    return this.#current;
  }

  /** Folders, the last opened first. */
  get recent(): readonly string[] {
    return this.#preferences.values.recentProjects;
  }

  /** Those that are not open now. */
  get others(): readonly string[] {
    return this.recent.filter((folder) => folder !== this.#current?.folder);
  }

  async refresh(): Promise<void> {
    await this.#entered(await this.#link.engine.project.current());
  }

  /** Fails as `project.open`. */
  async open(folder: string): Promise<void> {
    await this.#entered(await this.#link.engine.project.open({ folder }));
  }

  /** What is under way, for it may take long. */
  get work(): ProjectWork | null {
    return this.#work;
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** @param folder empty or missing; absent = one beside the project that is open. Fails as `project.unpack`. */
  async unpack(file: string, folder?: string): Promise<void> {
    const request = { file, ...(folder !== undefined && { folder }) };
    await this.#entered(
      await this.#follow('unpack', file, (signal) => this.#link.engine.project.unpack(request, { signal })),
    );
  }

  /** Fails as `project.archive`. @returns the file written */
  async archive(file: string): Promise<string> {
    const begin = (signal: AbortSignal) => this.#link.engine.project.archive({ file }, { signal });
    return (await this.#follow('archive', file, begin)).file;
  }

  /** What lies at a path: a project's folder, its archive, or neither. */
  async recognise(path: string): Promise<'folder' | 'archive' | 'neither'> {
    return this.#link.engine.project.recognise({ path });
  }

  /** Takes one off the list; absent = all but the one that is open. */
  async forget(gone?: string): Promise<void> {
    const open = this.#current?.folder;
    const recentProjects = this.recent.filter((folder) => (gone === undefined ? folder === open : folder !== gone));
    await this.#preferences.set({ recentProjects });
  }

  async #follow<T>(
    kind: ProjectWork['kind'],
    file: string,
    begin: (signal: AbortSignal) => Promise<AsyncIterator<WorkProgress, T>>,
  ): Promise<T> {
    this.#stop = new AbortController();
    this.#work = { kind, file, progress: null };
    try {
      const events = await begin(this.#stop.signal);
      for (;;) {
        const next = await events.next();
        if (next.done) return next.value;
        this.#work = { kind, file, progress: next.value };
      }
    } finally {
      this.#work = null;
    }
  }

  async #entered(project: ProjectSummary): Promise<void> {
    this.#current = project;
    if (this.recent[0] === project.folder) return;
    const known = this.recent.filter((folder) => folder !== project.folder);
    await this.#preferences.set({ recentProjects: [project.folder, ...known].slice(0, recentProjectsKept) });
  }
}
