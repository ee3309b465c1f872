import { isProgram } from "../isProgram.js";

/** The shell of the user who runs the engine, else one that every system has. */
export function loginShell(): string {
  const candidates = [process.env["SHELL"], "/bin/bash", "/bin/sh"];
  return candidates.find((file) => file !== undefined && isProgram(file)) ?? "/bin/sh";
}
