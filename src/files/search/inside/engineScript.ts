import { homeDirectory } from "../../../api/index.js";
import { shellQuote } from "../../../base/text.js";
import type { FileHints } from "../query/fileFilter.js";
import { linesOfFile } from "../query/searchQuery.js";

/** What looks through files. */
export type EngineName = "rg" | "grep" | "python";

/** Exit codes of scripts. */
export const scriptCodes = { noFolder: 44, noEngine: 45 } as const;

/** What a script looks for: lines of files, or the files themselves. */
export interface EngineTask {
  /** Absolute. */
  readonly folder: string;
  readonly hints: FileHints;
  /** Absent: names of files are listed. */
  readonly prefilter?: { readonly posix: string; readonly escaped: string } | undefined;
  /** The program that does it in Python. */
  readonly python: string;
  /** Which may be used, the best one first. */
  readonly engines: readonly EngineName[];
}

/**
 * A script for `sh` that prints the name of the engine and a line feed, and then what the engine finds. It reads its input, which is
 * to stay open: its end is the order to stop, also when the connection has broken.
 */
export function engineScript(task: EngineTask): string {
  const { folder, hints, prefilter, engines } = task;
  const variables = {
    folder,
    posix: prefilter?.posix ?? "",
    escaped: prefilter?.escaped ?? "",
    task: prefilter === undefined ? "list" : "search",
    batch: batchScript,
    python: task.python,
    main: mainScript(hints),
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value)}`);
  return `export LC_ALL=C
${assignments.join("\n")}
export ${Object.keys(variables).join(" ")}
[ -d ${homeDirectory} ] || case $folder in
${homeDirectory}|${homeDirectory}/*) folder=$HOME\${folder#${homeDirectory}} ;; # a session of the local engine
esac
cd "$folder" 2>/dev/null || exit ${scriptCodes.noFolder}
has() { command -v "$1" >/dev/null 2>&1; }
py=; for p in python3 python /opt/backend.ai/bin/python; do has $p && { py=$p; break; }; done
engine=
for e in ${engines.join(" ")}; do
  case $e in
  rg) echo x | rg --no-config --json -E none -e x - >/dev/null 2>&1 ;;
  grep) has grep && has find && has xargs && has tr ;;
  python) [ -n "$py" ] ;;
  esac && { engine=$e; break; }
done
[ -n "$engine" ] || exit ${scriptCodes.noEngine}
export engine py
echo "$engine"
${supervised}`;
}

/** Runs `main` as a process group of its own, where that can be made, and ends the group when the input does. */
const supervised = `if has setsid; then setsid sh -c "$main" </dev/null & p=$!; g=-$p
elif [ -n "$py" ]; then
  "$py" -c 'import os; os.setsid(); os.execvp("sh", ["sh", "-c", os.environ["main"]])' </dev/null & p=$!; g=-$p
else sh -c "$main" </dev/null & p=$!; g=$p
fi
{ while read -r _ <&3; do :; done; kill -TERM $g; sleep 0.5; kill -KILL $g; } >/dev/null 2>&1 & w=$!
wait $p; code=$?
kill $w 2>/dev/null
exit $code
`;

/** Every engine sees the same files: hidden ones and ignored ones as well, no links, each by a path that begins with a dot. */
function mainScript({ skippedNames, suffixes }: FileHints): string {
  const globs = [...skippedNames.map((name) => `!${name}`), ...suffixes.map((suffix) => `*${suffix}`)];
  const rgGlobs = globs.map((glob) => ` -g ${shellQuote(glob)}`).join("");
  const anyOf = (names: readonly string[]): string =>
    `\\( ${names.map((name) => `-name ${shellQuote(name)}`).join(" -o ")} \\)`;
  const pruned = skippedNames.length > 0 ? `${anyOf(skippedNames)} -prune -o ` : "";
  const named = suffixes.length > 0 ? ` ${anyOf(suffixes.map((suffix) => `*${suffix}`))}` : "";
  // for programs
  const find = `find . ${pruned}-type f${named} -print0`;
  return `skipped=${shellQuote(skippedNames.join("/"))}; suffixes=${shellQuote(suffixes.join("/"))}; export skipped suffixes
case $engine-$task in
rg-search) exec rg --no-config --json --no-ignore --hidden -E none --no-mmap --no-unicode --max-count ${linesOfFile}${rgGlobs} -e "$escaped" -- ./ ;;
rg-list) exec rg --no-config --files --null --no-ignore --hidden${rgGlobs} -- ./ ;;
grep-search) ${find} | xargs -0 -n 100 sh -c "$batch" sh; exit 0 ;;
grep-list) ${find}; exit 0 ;;
python-*) exec "$py" -c "$python" ;;
esac`;
}

/**
 * Looks through some files with any `grep`, which leaves out what begins as no text. Files with matches are few, so that each may have its own programs: one that looks for
 * NUL bytes, and one for the lines.
 */
const batchScript = `one() {
  [ "$(tr -dc '\\000' < "$1" | head -c 1 | wc -c)" -eq 0 ] || return
  printf '\\000%s\\000' "$1"
  grep -anE -m ${linesOfFile} -e "$posix" -- "$1" 2>/dev/null
}
nl='
'
case "$*" in
*"$nl"*) for f do grep -IqE -e "$posix" -- "$f" && one "$f"; done ;;
*) grep -IlE -e "$posix" -- "$@" | while IFS= read -r f; do one "$f"; done ;;
esac
exit 0
`;
