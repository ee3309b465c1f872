import { posix } from "node:path";
import { homeDirectory } from "../../../api/index.js";
import { shellCommand } from "../../../base/text.js";

/** The name of the last entry of each archive that is sent: without it the archive was cut off. */
export const completeMark = ".backendai-complete";

/**
 * Unpacks an archive from its input into folder `$1`: first beside, as `$2`, and when all of it is there, with mark `$3` at its end,
 * each file is moved in place of what has its name. Whatever happens, no file is left half. Prints what could not be moved: names
 * that start with `./`, each ended by a null character. The outer `find` would take inner braces for its own.
 */
const unpackScript = `
cd -- "$1" && command -v tar >/dev/null || exit 70
stage=$2
mkdir -m 700 -- "$stage" || exit 71
trap 'rm -rf -- "$stage"' EXIT
trap 'exit 72' HUP INT TERM PIPE
tar -xmof - -C "$stage" && [ -e "$stage/$3" ] || exit 73
rm -- "$stage/$3"
find "$stage" -type d -exec sh -c '
  stage=$1
  braces="{"
  braces="$braces}"
  shift
  for from; do
    to=.\${from#"$stage"}
    mkdir -p -- "$to" && find "$from" -maxdepth 1 -type f -exec mv -f -t "$to" -- "$braces" +
  done
' move "$stage" {} +
cd -- "$stage" && find . -type f -print0
cd ..
`;

/** Packs the files of folder `$1` whose names come on the input, each ended by a null character. */
// for programs
const packScript = `
cd -- "$1" && exec tar --null --no-recursion -cf - -T -
`;

/**
 * The command that unpacks an archive in a session.
 * @param stage A name that nothing has in that folder.
 */
export function unpackCommand(folder: string, stage: string): string {
  return shellCommand(unpackScript.trim(), "upload", fromHome(folder), stage, completeMark);
}

/** The command that packs files of a session. */
export function packCommand(folder: string): string {
  return shellCommand(packScript.trim(), "download", fromHome(folder));
}

/** Programs start in the home, which on the local engine has another path. */
function fromHome(folder: string): string {
  const inside = posix.relative(homeDirectory, folder);
  return inside === ".." || inside.startsWith("../") ? folder : `./${inside}`;
}
