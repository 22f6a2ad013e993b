import { wire } from '#engine/wire.ts';

const later = (): never => {
  throw new Error('not yet');
};
async function* laterStream(): AsyncGenerator<never, never> {
  yield later();
  return later();
}

export function modelsCalls() {
  return {
    list: wire.models.list.handler(later),
    classes: wire.models.classes.handler(later),
    look: wire.models.look.handler(later),
    open: wire.models.open.handler(later),
    describe: wire.models.describe.handler(later),
    export: wire.models.export.handler(laterStream),
  };
}
