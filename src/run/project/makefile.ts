import { shellCommand } from "../../base/text.js";
import type { Language } from "../plan/languages.js";

/** What a session's own runner looks for in `/home/work`. */
const makefileName = "Makefile"; // for programs

/** Commands for a POSIX shell in `/home/work`; arguments may follow `exec`. */
export interface MakefileCommands {
  /** Nothing a run needs: it makes the next build a whole one. */
  readonly clean: string;
  readonly build: string;
  readonly exec: string;
}

/** Where the makefiles that the runners know leave their program, by VS Code's language id. */
const programs: Readonly<Record<string, readonly string[]>> = {
  c: ["./main", "./a.out"],
  cpp: ["./main", "./a.out"],
  go: ["./main"],
  rust: ["./main"],
};

/**
 * How a program is built and run when its project has a Makefile, as servers' own runners do it (`protocol.md` §4.4, §9.2):
 * `make`, then `./main`, for C and C++ else `./a.out`. `undefined` where nothing is to be made: languages without a
 * build use their Makefiles for other things.
 * @param paths What the session will have, relative to `/home/work`.
 */
export function makefileCommands(language: Language, paths: Iterable<string>): MakefileCommands | undefined {
  const [first, second] = language.ids.flatMap((id) => programs[id] ?? []);
  if (language.build === undefined || first === undefined || !new Set(paths).has(makefileName)) {
    return undefined;
  }
  const either = `[ -x ${first} ] && exec ${first} "$@"; exec ${second ?? first} "$@"`;
  return {
    clean: "make clean", // for programs
    build: "make",
    exec: second === undefined ? `exec ${first}` : shellCommand(either, "run"),
  };
}
