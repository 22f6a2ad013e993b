/** What a drag seems to hold. A page knows the types of files while they hover, never their names; folders have none. */
export type Hovering =
  | { readonly kind: 'images' | 'archive' | 'data' | 'model' | 'film' }
  | { readonly kind: 'foreign'; readonly type: string };

const image = /^image\//;
const film = /^video\//;
const archive = /^application\/(zip|x-zip(-compressed)?)$/;
/** JSON, and HDF5 where the system knows it. */
const model = /^application\/(json|x-hdf5?|hdf5)$/;
const data = /^(|application\/(gzip|x-gzip|octet-stream|x-tar|x-compressed-tar|x-gtar)|text\/plain)$/;

export function hoveringOf(types: readonly string[]): Hovering {
  const foreign = types.find((type) => ![image, film, archive, data, model].some((known) => known.test(type)));
  // One that is not known among many is told of after the drop, in the report.
  if (foreign !== undefined && types.every((type) => type === foreign)) return { kind: 'foreign', type: foreign };
  if (types.some((type) => film.test(type))) return { kind: 'film' };
  if (types.length > 0 && types.some((type) => model.test(type))) return { kind: 'model' };
  if (types.some((type) => archive.test(type))) return { kind: 'archive' };
  return { kind: types.length > 0 && types.every((type) => image.test(type)) ? 'images' : 'data' };
}
