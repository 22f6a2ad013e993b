/**
 * What is announced by callback, as a stream: everything in order, from now on, until the signal.
 * @param follow starts to listen and returns the function that stops it
 */
export async function* announced<T>(
  follow: (hear: (item: T) => void) => () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  const waiting: T[] = [];
  let wake: () => void = () => undefined;
  const stop = follow((item) => {
    waiting.push(item);
    wake();
  });
  const ended = () => wake();
  signal?.addEventListener('abort', ended);
  try {
    while (!signal?.aborted) {
      const item = waiting.shift();
      if (item !== undefined) yield item;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', ended);
    stop();
  }
}
