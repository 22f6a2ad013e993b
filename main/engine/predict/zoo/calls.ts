import { wire } from '#engine/wire.ts';

const later = (): never => {
  throw new Error('not yet');
};
async function* laterStream(): AsyncGenerator<never, never> {
  yield later();
  return later();
}

export function zooCalls() {
  return {
    list: wire.zoo.list.handler(later),
    fetch: wire.zoo.fetch.handler(laterStream),
    install: wire.zoo.install.handler(laterStream),
    recognise: wire.zoo.recognise.handler(later),
    remove: wire.zoo.remove.handler(later),
    measure: wire.zoo.measure.handler(laterStream),
  };
}
