/** Ctrl-C, or a polite request to end, cancels what runs; a second one ends at once. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  const hear = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return controller.signal;
}
