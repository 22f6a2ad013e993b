import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import type { ImageForm } from '#contract/data.ts';
import { addPixels, noPixels } from '../pixel-sums.ts';
import { decodeImage } from './decode-image.ts';
import type { DecodingJob, DecodingParts, DecodingWord, DecodedFile } from './decoding-words.ts';
import { perceptualHash } from './perceptual-hash.ts';

type Decode = typeof decodeImage;

/** The whole of a decoding thread: what comes is begun at once, so that one decodes while another is finished. `around` changes how images are decoded, for tests. */
export function serveDecoding(around: (decode: Decode) => Decode = (decode) => decode): void {
  const { form } = workerData as DecodingParts;
  const decode = around(decodeImage);
  // Threads are ours to count, and no image is read twice.
  sharp.concurrency(1);
  sharp.cache(false);
  parentPort?.on('message', (job: DecodingJob) => {
    void perform(decode, job, form).then((answer) => {
      say({ ticket: job.ticket, answer }, 'pixels' in answer ? [answer.pixels.buffer as ArrayBuffer] : []);
    });
  });
  say({ ready: true }, []);
}

const say = (word: DecodingWord, moved: ArrayBuffer[]) => parentPort?.postMessage(word, moved);

async function perform(decode: Decode, { name, bytes }: DecodingJob, form: ImageForm): Promise<DecodedFile> {
  const read = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoded = await decode(read, name, form);
  if ('skipped' in decoded) return decoded;
  const hash = createHash('sha256').update(read).digest('hex');
  const perceptual = perceptualHash(decoded.pixels, form.height, form.width, form.channels);
  const sums = addPixels(noPixels(form.channels), decoded.pixels);
  // What comes from libvips belongs to it; Node 24 does not hand it over to another thread.
  const pixels = Buffer.isBuffer(decoded.pixels) ? new Uint8Array(decoded.pixels) : decoded.pixels;
  return { ...decoded, pixels, hash, perceptual, sums };
}
