import { AppError, toFailure } from '#contract/failures.ts';
import type { Project } from '#engine/project/project.ts';
import type { ProjectHolder } from '#engine/project/calls.ts';
import { resolve } from 'node:path';
import { openRooms, type Rooms, type Surroundings } from './rooms.ts';

/** The project that is open now, with its rooms. There may be none: the first could not be opened, and another may be. */
export class OpenProject implements ProjectHolder {
  readonly #surroundings: Surroundings;
  #rooms: Rooms | null = null;
  #why = new AppError('engine/not-ready', 'No project is open yet.');
  /** Openings happen one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Fails with what kept the project from opening. */
  get rooms(): Rooms {
    if (!this.#rooms) throw this.#why;
    return this.#rooms;
  }

  current(): Project {
    return this.rooms.project;
  }

  /** Swaps the rooms for those of another folder; what was open stays open when that fails. Fails: `run/active`, `project/…`. */
  open(folder: string): Promise<Project> {
    const opened = this.#last.then(() => this.#swap(folder));
    this.#last = opened.catch(() => undefined);
    return opened;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#rooms?.close();
    this.#rooms = null;
  }

  async #swap(folder: string): Promise<Project> {
    // The folder is locked by ourselves when it is the one that is open.
    if (this.#rooms && resolve(folder) === this.#rooms.project.folder) return this.#rooms.project;
    this.#rooms?.refuseWhileActive();
    try {
      const next = await openRooms(folder, this.#surroundings);
      await this.#rooms?.close();
      this.#rooms = next;
      return next.project;
    } catch (thrown) {
      const { code, message, details } = toFailure(thrown);
      this.#why = new AppError(code, message, details, thrown);
      throw thrown;
    }
  }
}
