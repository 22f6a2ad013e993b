import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';

/**
 * What is not given to ffmpeg at all: lists of other files and addresses. ffmpeg would open what they name, from this disk
 * or the network.
 */

/** How lists begin, past white space. Those of names alone are told by their ending. */
const listStarts: readonly (readonly [RegExp, string])[] = [
  [/^#EXTM3U/, 'it is a playlist (M3U)'],
  [/^ffconcat version/, 'it is a list of files (concat)'],
  [/^file\s+['"\\/\w]/, 'it is a list of files (concat)'],
  [/^\[playlist\]/i, 'it is a playlist (PLS)'],
  [/^v=0\r?\n/, 'it describes a stream from the network (SDP)'],
  [/^(RTSPtext|rtsp:\/\/|https?:\/\/)/i, 'it names a stream from the network'],
  [
    /^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(MPD|SmoothStreamingMedia|smil|playlist|asx|AssetMap|CompositionPlaylist)\b/i,
    'it is a playlist (XML)',
  ],
  [/^\[Reference\]/i, 'it names a stream from the network'],
];
const listEndings = [
  '.m3u',
  '.m3u8',
  '.mpd',
  '.sdp',
  '.pls',
  '.asx',
  '.wpl',
  '.xspf',
  '.smil',
  '.ism',
  '.ffconcat',
  '.concat',
  '.cue',
];

/** `http://…`, `concat:…`, `rtmp:`: anything but a path; `C:` is a disk. */
export const namesAProtocol = (path: string) => /^[a-z][a-z0-9+.-]+:/i.test(path);

/**
 * Fails: `film/refused`, `film/empty` (no byte), `file/missing`, `file/unreadable`.
 * @returns bytes
 */
export async function refuseLists(path: string): Promise<number> {
  if (namesAProtocol(path)) throw refused(path, 'it is an address, not a file');
  const found = await stat(path).catch((error: unknown) => {
    throw fileFailure(error, path, 'reading');
  });
  if (!found.isFile()) throw refused(path, 'it is neither a file nor a folder of pictures');
  if (found.size === 0) throw new AppError('film/empty', `${path} holds no frame: it has no byte.`, { file: path });
  const start = await startOf(path);
  const list = listStarts.find(([pattern]) => pattern.test(start));
  if (list) throw refused(path, list[1]);
  if (listEndings.includes(extname(path).toLowerCase())) throw refused(path, 'it is named like a playlist');
  return found.size;
}

/** The first characters, past a byte order mark and white space. */
async function startOf(path: string): Promise<string> {
  const file = await open(path).catch((error: unknown) => {
    throw fileFailure(error, path, 'reading');
  });
  try {
    const bytes = Buffer.alloc(1024);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
    return bytes.toString(wide ? 'utf16le' : 'utf8', 0, bytesRead).replace(/^[\ufeff\s]+/, '');
  } catch (error) {
    throw fileFailure(error, path, 'reading');
  } finally {
    await file.close();
  }
}

function refused(file: string, reason: string): AppError {
  return new AppError('film/refused', `${file} is refused: ${reason}.`, { file, reason });
}
