import { spawn, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { hasDisplay } from "../../test/host/choice.js";
import { extensionRoot, openerRoot } from "../../test/host/paths.js";
import { endProcessGroup, exitOf, sendSignal } from "../../test/host/server/processGroup.js";
import { createProfile, independentEnvironment, type Profile } from "../../test/host/server/profile.js";
import type { OpenEditor } from "./openEditor.js";
import { findProgram } from "./systemPackages.js";

/** The names of VS Code's command, in order of preference. */
const commands = ["code", "code-insiders", "codium"];

/** The oldest VS Code that the extension runs in, as `engines` in package.json says. */
const oldest = [1, 98] as const;

const stopDeadlineMs = 5_000;

/** The VS Code command on this computer; undefined where there is none, no display for it, or it is too old. */
export function findDesktopEditor(): string | undefined {
  // In WSL `code` is the Windows program: neither our environment nor our paths would reach it.
  if (!hasDisplay() || process.platform === "win32" || process.env["WSL_DISTRO_NAME"] !== undefined) {
    return undefined;
  }
  return commands.map(findProgram).find((program) => program !== undefined && isRecent(program));
}

function isRecent(program: string): boolean {
  // As root the command answers only with a folder for its data; asking for the version writes nothing there.
  const args = ["--version", `--user-data-dir=${path.join(extensionRoot, "dist")}`];
  const { stdout } = spawnSync(program, args, {
    env: independentEnvironment(),
    encoding: "utf8",
    timeout: 20_000,
  });
  const [major = 0, minor = 0] = (stdout.split("\n", 1)[0] ?? "").split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** Opens a window of the user's VS Code, with a profile of its own so that its environment is ours. */
export async function openDesktopEditor(
  program: string,
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<OpenEditor> {
  const profile = await createProfile();
  const args = [
    "--new-window",
    "--wait",
    `--user-data-dir=${profile.dataFolder}`,
    `--extensions-dir=${profile.extensionsFolder}`,
    `--extensionDevelopmentPath=${extensionRoot}`,
    `--extensionDevelopmentPath=${openerRoot}`,
    "--disable-workspace-trust",
    "--skip-welcome",
    ...(process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    folder,
  ];
  const child = spawn(program, args, { env: independentEnvironment(env), stdio: "ignore", detached: true });
  const exited = exitOf(child);
  return {
    exited,
    stop: async () => {
      await quit(profile, exited);
      await endProcessGroup(child);
      await profile.remove();
    },
  };
}

/**
 * The command is only a messenger that waits: VS Code itself runs outside its process group. It keeps its process
 * number in a lock file of its profile.
 */
async function quit(profile: Profile, exited: Promise<unknown>): Promise<void> {
  const lock = await readFile(path.join(profile.dataFolder, "code.lock"), "utf8").catch(() => "");
  const pid = Number.parseInt(lock, 10);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (Number.isNaN(pid) || !sendSignal(pid, signal)) {
      return;
    }
    await Promise.race([exited, delay(stopDeadlineMs, undefined, { ref: false })]);
  }
}
