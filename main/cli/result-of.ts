/** Hears a stream of events to its end, and gives what it ended with. Fails as the stream does. */
export async function resultOf<Event, Result>(
  stream: AsyncIterator<Event, Result>,
  hear: (event: Event) => void,
): Promise<Result> {
  for (let step = await stream.next(); ; step = await stream.next()) {
    if (step.done) return step.value;
    hear(step.value);
  }
}
