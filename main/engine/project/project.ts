import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import type { ProjectSummary } from '#contract/project.ts';
import { sweepLeftovers, writeAtomic } from './atomic.ts';
import { fileFailure, ifPresent } from './file-failure.ts';
import { lockFolder } from './lock.ts';

/** Raised when a project's files change their meaning; older programs then refuse the folder. */
export const projectVersion = 1;
export const projectFile = 'project.json';

const settings = z.object({
  version: z.literal(projectVersion),
  name: z.string().min(1).max(200),
  created: z.string(),
});
type Settings = z.infer<typeof settings>;

const ownFolders = ['runs', 'data', 'trash'];
/** Made when first needed, so that older projects open as they are. */
const laterFolders = ['prepared', 'features', 'films', 'film-answers'];

/** What file managers leave in a folder that its owner would call empty. */
const litter = new Set(['.DS_Store', '.directory', 'desktop.ini', 'Thumbs.db']);

/** A folder of readable files, held by one engine at a time. Every change is on disk when its call returns. */
export class Project {
  readonly folder: string;
  readonly runsFolder: string;
  readonly dataFolder: string;
  readonly trashFolder: string;
  /** Decoded images of data sets. */
  readonly preparedFolder: string;
  /** Outputs of frozen parts of networks: computed anew where they are gone. */
  readonly featuresFolder: string;
  /** What was made of films, a folder each. */
  readonly filmsFolder: string;
  /** What networks said of films, by question: asked anew where it is gone. */
  readonly filmAnswersFolder: string;
  /** What opening had to repair, for the log. */
  readonly repaired: readonly string[];
  #settings: Settings;
  readonly #unlock: () => Promise<void>;

  private constructor(folder: string, found: Settings, repaired: string[], unlock: () => Promise<void>) {
    this.folder = folder;
    this.runsFolder = join(folder, 'runs');
    this.dataFolder = join(folder, 'data');
    this.trashFolder = join(folder, 'trash');
    this.preparedFolder = join(folder, 'prepared');
    this.featuresFolder = join(folder, 'features');
    this.filmsFolder = join(folder, 'films');
    this.filmAnswersFolder = join(folder, 'film-answers');
    this.repaired = repaired;
    this.#settings = found;
    this.#unlock = unlock;
  }

  /**
   * Opens a project folder, or makes one in an empty or missing folder.
   * Fails: `project/not-a-project`, `project/newer-version`, `project/locked`, `file/not-writable`, `file/no-space`.
   */
  static async open(path: string): Promise<Project> {
    const folder = resolve(path);
    await refuseForeign(folder);
    await makeFolders(folder);
    const unlock = await lockFolder(folder);
    try {
      const repaired = (await sweepLeftovers(folder)).map((file) => `removed the half-written ${file}`);
      const found = await readSettings(folder, repaired);
      return new Project(folder, found, repaired, unlock);
    } catch (error) {
      await unlock();
      throw fileFailure(error, folder, 'reading');
    }
  }

  get name(): string {
    return this.#settings.name;
  }

  async rename(name: string): Promise<void> {
    const changed = { ...this.#settings, name };
    await writeAtomic(join(this.folder, projectFile), asText(changed));
    this.#settings = changed;
  }

  async summary(): Promise<ProjectSummary> {
    const runs = await readdir(this.runsFolder, { withFileTypes: true });
    const sets = (await readdir(this.dataFolder)).filter((name) => name.endsWith('.json') && name !== 'mnist.json');
    return {
      name: this.name,
      folder: this.folder,
      created: this.#settings.created,
      runs: runs.filter((entry) => entry.isDirectory()).length,
      datasets: sets.length + 1, // MNIST is always there
      bytes: await bytesIn(this.folder),
    };
  }

  /** Gives the folder back to others; nothing else is open. */
  async close(): Promise<void> {
    await this.#unlock();
  }
}

/** Heatlens never makes itself at home among somebody's other files. */
async function refuseForeign(folder: string): Promise<void> {
  let names: string[] | null;
  try {
    names = await ifPresent(readdir(folder));
  } catch (error) {
    const notFolder = (error as NodeJS.ErrnoException).code === 'ENOTDIR';
    throw notFolder ? notAProject(folder) : fileFailure(error, folder, 'reading');
  }
  if (!names || names.includes(projectFile)) return;
  if (ownFolders.every((name) => names.includes(name))) return; // a project whose project.json is lost
  if (names.some((name) => !litter.has(name))) throw notAProject(folder);
}

function notAProject(folder: string): AppError {
  return new AppError('project/not-a-project', `${folder} is neither a Heatlens project nor an empty folder.`, {
    folder,
  });
}

async function makeFolders(folder: string): Promise<void> {
  try {
    for (const name of [...ownFolders, ...laterFolders]) await mkdir(join(folder, name), { recursive: true });
  } catch (error) {
    throw fileFailure(error, folder, 'writing');
  }
}

/**
 * A torn project.json loses nothing but the project's name: it is set aside and written anew, because runs and data
 * are what the folder is for.
 */
async function readSettings(folder: string, repaired: string[]): Promise<Settings> {
  const file = join(folder, projectFile);
  const text = await ifPresent(readFile(file, 'utf8'));
  const found = text === null ? null : readJson(text);
  const version = (found as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > projectVersion) {
    const details = { folder, version, known: projectVersion };
    throw new AppError(
      'project/newer-version',
      `${folder} has format ${version}; this Heatlens knows ${projectVersion}.`,
      details,
    );
  }
  const checked = settings.safeParse(found);
  if (checked.success) return checked.data;
  if (text !== null) {
    const aside = freeAside(file);
    await rename(file, aside);
    repaired.push(`set the damaged ${file} aside as ${aside}`);
  }
  const fresh: Settings = { version: projectVersion, name: basename(folder), created: new Date().toISOString() };
  await writeAtomic(file, asText(fresh));
  return fresh;
}

function freeAside(file: string): string {
  let number = 1;
  while (existsSync(`${file}.damaged-${number}`)) number++;
  return `${file}.damaged-${number}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const asText = (value: Settings) => `${JSON.stringify(value, null, 2)}\n`;

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // A file may be replaced while we count.
  const sizes = await Promise.all(files.map(async (file) => (await ifPresent(stat(file)))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}
