/** The class that a digit key stands for: the one of that name, else the first for 1, the second for 2. */
export function classOfKey(key: string, classes: readonly string[]): number | undefined {
  if (!/^\d$/.test(key)) return undefined;
  const named = classes.indexOf(key);
  if (named >= 0) return named;
  const place = Number(key) - 1;
  return place >= 0 && place < classes.length ? place : undefined;
}
