/**
 * −1 ≤ x < 1, decided by the name: `spread` of test/parity/make-twins.py, so that weights and images need not be in the
 * fixtures. A multiplicative hash of the place (Knuth), through `use`.
 */
export function spread(name: string, size: number, use: (value: number) => number): Float32Array {
  let key = 2166136261;
  for (const byte of Buffer.from(name)) key = Math.imul(key ^ byte, 16777619); // FNV-1a
  const values = new Float32Array(size);
  for (let place = 0; place < size; place++) {
    let mixed = Math.imul(place + 1 + key, 2654435761) >>> 0;
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 2246822519);
    mixed ^= mixed >>> 13;
    values[place] = use((mixed >>> 8) / 2 ** 23 - 1);
  }
  return values;
}
