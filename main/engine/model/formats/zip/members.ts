import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { damaged, FileProblem, refused } from '../file-problem.ts';

/** One member of an archive, by its directory. */
export interface Member {
  readonly name: string;
  readonly size: number;
  /** Where its bytes lie in the archive, if they lie there as they are. */
  readonly place: { readonly from: number; readonly size: number } | null;
  /** Whole, in memory, checked by its CRC-32. Rejects with `FileProblem`: damaged, or more than `most` bytes. */
  read(most: number): Promise<Buffer>;
}

export interface OpenArchive {
  readonly members: ReadonlyMap<string, Member>;
  close(): Promise<void>;
}

const mostMembers = 1000;
const stored = 0;
const deflated = 8;
const encryptedFlag = 1;
/** Deflate cannot do better (zlib's own documentation: 1032 : 1), so who claims more lies. */
const bestRatio = 1032;
/** Unix keeps a file's kind in the upper half of the external attributes: `S_IFMT`. */
const kindMask = 0o170000;
const regularKinds = [0, 0o100000, 0o040000];
/** Bytes of which the CRC-32 is taken in one go. */
const portion = 2 ** 24;

const inflate = promisify(inflateRaw) as (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/**
 * A zip archive by its directory. Nothing is ever unpacked to disk, and a member only beneath a size that is asked for.
 * Refused as a whole: names that lead elsewhere, links, two members of one name, encryption.
 * Rejects with `FileProblem`, or as opening the file does.
 */
export async function openArchive(path: string): Promise<OpenArchive> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const zip = await yauzl.fromFdPromise(handle.fd, {
      autoClose: false,
      decodeStrings: true,
      strictFileNames: true,
      validateEntrySizes: false,
    });
    if (zip.entryCount > mostMembers) throw refused(`it has ${zip.entryCount} members`);
    const members = new Map<string, Member>();
    let packed = 0;
    for await (const entry of zip.eachEntry()) {
      refuseEntry(entry);
      if (members.has(entry.fileName)) throw refused(`it has two members ${entry.fileName}`);
      packed += entry.compressedSize;
      members.set(entry.fileName, await memberOf(entry, zip, handle, size));
    }
    if (packed > size) throw damaged('its members overlap');
    return { members, close: () => handle.close() };
  } catch (thrown) {
    await handle.close();
    if (thrown instanceof FileProblem) throw thrown;
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    // yauzl's own words for names with .., absolute ones, or backslashes.
    if (/relative path|absolute path|invalid characters/i.test(said)) {
      throw refused('a member’s name leads out of the archive');
    }
    throw damaged('it is not a whole zip archive');
  }
}

function refuseEntry({ fileName, generalPurposeBitFlag, externalFileAttributes, ...entry }: Entry): void {
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (fileName.length > 500) throw refused('a member of it has a name without end');
  if (generalPurposeBitFlag & encryptedFlag) throw refused(`its member ${fileName} is encrypted`);
  if (!regularKinds.includes((externalFileAttributes >>> 16) & kindMask)) {
    throw refused(`its member ${fileName} is a link to another file`);
  }
  if (compressionMethod !== stored && compressionMethod !== deflated) {
    throw refused(`its member ${fileName} is packed in a way that is not known`);
  }
  const most = compressionMethod === stored ? compressedSize : compressedSize * bestRatio;
  if (uncompressedSize > most) throw refused(`its member ${fileName} claims to be larger than it can be`);
}

async function memberOf(entry: Entry, zip: ZipFile, handle: FileHandle, whole: number): Promise<Member> {
  const { fileName, uncompressedSize: size, compressedSize, compressionMethod } = entry;
  const { fileDataStart: from } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  if (from + compressedSize > whole) throw damaged(`its member ${fileName} is cut off`);
  const asIs = compressionMethod === stored;
  if (asIs && size !== compressedSize) throw damaged(`its member ${fileName} is not as long as it says`);
  return {
    name: fileName,
    size,
    place: asIs ? { from, size } : null,
    read: async (most) => {
      if (size > most) throw refused(`its member ${fileName} has ${size} bytes, which is too many`);
      const packed = Buffer.alloc(compressedSize);
      const { bytesRead } = await handle.read(packed, 0, packed.length, from);
      if (bytesRead < packed.length) throw damaged(`its member ${fileName} is cut off`);
      const bytes = asIs ? packed : await unpacked(packed, entry);
      if (bytes.length !== size || checksum(bytes) !== entry.crc32) throw damaged(`its member ${fileName} is damaged`);
      return bytes;
    },
  };
}

/** Never more than its directory says. */
async function unpacked(packed: Buffer, { fileName, uncompressedSize }: Entry): Promise<Buffer> {
  try {
    return await inflate(packed, { maxOutputLength: Math.max(1, uncompressedSize) });
  } catch {
    throw damaged(`its member ${fileName} is damaged`);
  }
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let from = 0; from < bytes.length; from += portion) sum = crc32(bytes.subarray(from, from + portion), sum);
  return sum;
}
