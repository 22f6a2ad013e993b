/** A file with the folders it was dropped or chosen in. */
export interface PlacedFile {
  readonly file: File;
  /** `photos/cats`; empty for a file on its own. */
  readonly folder: string;
}

/** Deeper nobody keeps pictures; a folder that holds itself by a link ends here. */
const deepest = 32;

/** What was dropped, told before the drop is over. */
export function droppedEntries({ items }: DataTransfer): FileSystemEntry[] {
  return [...items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : []));
}

/** Files that were chosen: of a folder, each tells its path. */
export function chosenFiles(files: Iterable<File>): PlacedFile[] {
  return Array.from(files, (file) => ({
    file,
    folder: file.webkitRelativePath.split('/').slice(0, -1).join('/'),
  })).filter(({ file, folder }) => folder === '' || ![...folder.split('/'), file.name].some(hidden));
}

/**
 * All files of these entries, folder by folder. What systems hide in folders (`.DS_Store`) is left where it is.
 * @param missed told of each file and folder that cannot be read
 */
export async function* filesOf(
  entries: readonly FileSystemEntry[],
  missed: (path: string) => void = () => undefined,
): AsyncGenerator<PlacedFile> {
  const names = new Set<string>();
  for (const entry of entries) {
    const name = freeName(entry.name, names);
    if (entry.isDirectory) yield* inside(entry as FileSystemDirectoryEntry, name, missed);
    else yield* one(entry as FileSystemFileEntry, '', missed);
  }
}

async function* inside(
  entry: FileSystemDirectoryEntry,
  folder: string,
  missed: (path: string) => void,
): AsyncGenerator<PlacedFile> {
  if (folder.split('/').length > deepest) return missed(folder);
  const entries = await listed(entry).catch(() => missed(folder));
  for (const found of entries ?? []) {
    if (hidden(found.name)) continue;
    if (found.isDirectory) yield* inside(found as FileSystemDirectoryEntry, `${folder}/${found.name}`, missed);
    else yield* one(found as FileSystemFileEntry, folder, missed);
  }
}

async function* one(
  entry: FileSystemFileEntry,
  folder: string,
  missed: (path: string) => void,
): AsyncGenerator<PlacedFile> {
  const file = await new Promise<File>((settle, fail) => entry.file(settle, fail)).catch(() => null);
  if (file) yield { file, folder };
  else missed(folder === '' ? entry.name : `${folder}/${entry.name}`);
}

/** All that is in a folder: a reader hands out 100 at a time, and nothing when it has given all. */
async function listed(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((settle, fail) => reader.readEntries(settle, fail));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

const hidden = (name: string) => name.startsWith('.') || name === '__MACOSX';

/** Folders of one name, dropped from two places, stay two. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name} (${number})`;
  taken.add(free);
  return free;
}
