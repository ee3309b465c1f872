import { execFileSync } from "node:child_process";

/** Whether this computer has tmux, which sessions of the engine use. */
export function hasTmux(): boolean {
  try {
    execFileSync("tmux", ["-V"]);
    return true;
  } catch {
    return false;
  }
}
