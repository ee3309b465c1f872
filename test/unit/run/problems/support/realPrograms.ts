import { execFileSync, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Whether a program of this name is on this computer, and works. */
export function has(program: string): boolean {
  // rustup leaves a name without a compiler behind it
  const proof = program === "rustc" ? "rustc --version" : `command -v ${program}`;
  try {
    execFileSync("/bin/sh", ["-c", proof], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Writes files into a folder. */
export async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}

/** All that a shell command prints, however it ends. */
export async function outputOf(command: string, folder: string): Promise<string> {
  const child = spawn("/bin/sh", ["-c", `exec 2>&1; ${command}`], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C.UTF-8", GO111MODULE: "off", RUST_BACKTRACE: "0" },
    timeout: 90_000,
  });
  let text = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => (text += chunk));
  await new Promise((resolve) => child.on("close", resolve));
  return text;
}
