import { Blob } from 'node:buffer';
import * as streams from 'node:stream/web';

// Electron 22 has Node 16, where what the wire asks for is there but not global, or not there at all.
const world = globalThis as Record<string, unknown>;
world['Blob'] ??= Blob;
world['File'] ??= class File extends Blob {};
world['FormData'] ??= class FormData {};
for (const [name, stream] of Object.entries(streams)) world[name] ??= stream;
