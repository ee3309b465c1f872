import { accessSync, constants } from "node:fs";

/** The shell of the user who runs the engine, else one that every system has. */
export function loginShell(): string {
  const candidates = [process.env["SHELL"], "/bin/bash", "/bin/sh"];
  return candidates.find((file) => file !== undefined && isExecutable(file)) ?? "/bin/sh";
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
