import { getFileNameLowLevel, validateFileName, type Entry } from 'yauzl';
import type { FileOddity } from '#contract/data.ts';
import { escaped, textOf } from './image-names.ts';

export interface EntryName {
  /** Without empty parts and `.`, and without `/` at its end. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Set when the name is no text, or leaves the archive: `..`, an absolute path, a drive. */
  readonly oddity?: FileOddity;
}

/** Bit 11 of the general purpose flags: the name is UTF-8 (APPNOTE.TXT 6.3.10, 4.4.4). */
const utf8Flag = 0x800;
/** Info-ZIP's Unicode path. */
const unicodePath = 0x7075;

/**
 * The name of an entry. The specification says CP437 where the flag is not set, but the archivers of macOS and many
 * others write UTF-8 without it: what is valid UTF-8 is taken as that. Hardly any CP437 text happens to be.
 */
export function entryName(entry: Entry): EntryName {
  const { fileNameRaw: bytes, generalPurposeBitFlag: flags, extraFields } = entry;
  const text = textOf(bytes);
  const own = extraFields.some(({ id }) => id === unicodePath);
  if (text === null && flags & utf8Flag && !own) {
    return { path: escaped(bytes), isFolder: bytes.at(-1) === 0x2f, oddity: 'bad-name' };
  }
  const name = getFileNameLowLevel(text === null ? flags : flags | utf8Flag, bytes, extraFields, false);
  const isFolder = name.endsWith('/');
  if (validateFileName(name) !== null) return { path: name, isFolder, oddity: 'outside' };
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return { path: parts.join('/'), isFolder };
}
