import { AppError } from '#contract/failures.ts';
import type { PortableModel } from '../../portable.ts';

/** What protobuf and FlatBuffers can address, less room for the graph itself. */
const most = 2 ** 31 - 2 ** 24;

/** Fails: `model/cannot-write`, where the weights have no place in a single file of this format. */
export function refuseTooLarge({ weights }: PortableModel, format: string, instead = ''): void {
  const bytes = weights.reduce((sum, { values }) => sum + values.byteLength, 0);
  if (bytes <= most) return;
  const reason = `its weights have ${(bytes / 2 ** 30).toFixed(1)} GiB, and such a file holds less than 2${instead}`;
  throw new AppError('model/cannot-write', `This network cannot be written as ${format}: ${reason}.`, {
    format,
    reason,
  });
}
