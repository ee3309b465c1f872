import type { Place } from "../place.js";

const none: Place = { kind: "none" };

/**
 * What stands at a cursor in a command line that begins at `from`: a variable, a command (only with `withCommands`, since a
 * session's interpreter knows none), or a path. Options are nothing.
 */
export function shellPlace(line: string, col: number, from: number, withCommands: boolean): Place {
  const before = line.slice(Math.max(from, col - 1000), col);
  const rest = /^[^\s/"'`;|&()<>$]*/.exec(line.slice(col, col + 1000))?.[0] ?? "";
  const variable = /\$\{?([\p{L}_][\p{L}\p{N}_]*)?$/u.exec(before);
  if (variable) {
    return withCommands ? named(variable[0].replace("{", ""), variable[1] ?? "", line, col) : none;
  }
  const typed = /[^\s"'`;|&()<>=]*$/.exec(before)?.[0] ?? "";
  const ahead = before.slice(0, before.length - typed.length);
  if (typed.startsWith("-") || /["'`]$/.test(ahead)) {
    return none;
  }
  const isCommand = /(?:^|[;|&(]|\b(?:then|do|else|exec|sudo|time))\s*$/.test(ahead);
  if (!isCommand || typed.includes("/")) {
    return {
      kind: "path",
      typed,
      start: col - typed.length + typed.lastIndexOf("/") + 1,
      end: col + rest.length,
    };
  }
  return withCommands
    ? { kind: "name", token: typed, start: col - typed.length, end: col + rest.length }
    : none;
}

function named(token: string, name: string, line: string, col: number): Place {
  const rest = /^[\p{L}\p{N}_]*/u.exec(line.slice(col, col + 200))?.[0] ?? "";
  return { kind: "name", token, start: col - name.length, end: col + rest.length };
}
