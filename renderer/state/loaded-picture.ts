/**
 * A picture that can be shown at once: fetched once and decoded. Its address is good until `URL.revokeObjectURL`; asking
 * for the same address twice would compute it twice where a host keeps nothing.
 */
export async function loadedPicture(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`no picture: ${response.status}`);
  const address = URL.createObjectURL(await response.blob());
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
  } catch (thrown) {
    URL.revokeObjectURL(address);
    throw thrown;
  }
  return address;
}
