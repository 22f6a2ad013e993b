import { readFile, writeFile } from 'node:fs/promises';

/**
 * Has a film in mp4 or mov shown turned, as phones write it: by the matrix in its track's header (ISO/IEC 14496-12, 8.3.2),
 * here patched in. @param degrees clockwise
 */
export async function turn(path: string, degrees: number): Promise<void> {
  const bytes = await readFile(path);
  const [cos, sin] = [Math.round(Math.cos((degrees * Math.PI) / 180)), Math.round(Math.sin((degrees * Math.PI) / 180))];
  const matrix = bytes.indexOf('tkhd') + 44;
  for (const [place, value] of [cos, sin, 0, -sin, cos].entries())
    bytes.writeInt32BE(value * 0x10000, matrix + 4 * place);
  await writeFile(path, bytes);
}
