import path from "node:path";
import { isProgram } from "../../execution/index.js";

/**
 * A `PATH` by which a session's programs find the language of its image: as in a container, `python` is the very Python that the
 * image was made of. Where another one comes first, its folder is put in front. That is so behind version managers: their `python` is
 * a script that looks for the version anew at each start, which takes longer than Python does, and may find another one.
 * @param program The language's own program, as the image names it.
 * @param searched The `PATH` as it is.
 * @returns `undefined` where it is fine as it is, or nobody knows where the program is.
 */
export function programPath(program: string, searched: string): string | undefined {
  if (!path.isAbsolute(program)) {
    return undefined;
  }
  const name = path.basename(program);
  const folders = searched.split(path.delimiter);
  const first = folders.find((folder) => isProgram(path.join(folder, name)));
  const own = path.dirname(program);
  return first === undefined || path.resolve(first) === own
    ? undefined
    : [own, ...folders].join(path.delimiter);
}
