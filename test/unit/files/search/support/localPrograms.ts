import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import type { ProgramResult, StartProgram } from "../../../../../src/files/search/inside/searchProgram.js";

/** Programs on this computer, as ssh starts them in a session. */
export function localPrograms(searchPath = process.env["PATH"] ?? ""): StartProgram {
  return ({ script }) => {
    const bytes = Buffer.from(script);
    const child = spawn("sh", ["-c", `exec 3<&0; eval "$(head -c ${bytes.length})"`], {
      env: { ...process.env, PATH: searchPath },
    });
    child.stdin.on("error", () => undefined);
    child.stdin.write(bytes);
    const errors: Buffer[] = [];
    child.stderr.on("data", (piece: Buffer) => errors.push(piece));
    const end = endOf(child, errors);
    return Promise.resolve({
      output: child.stdout,
      result: () => end,
      stop: () => child.stdin.end(),
    });
  };
}

function endOf(child: ChildProcess, errors: readonly Buffer[]): Promise<ProgramResult> {
  return new Promise((resolve) => {
    child.once("close", (code) =>
      resolve({ exitCode: code ?? undefined, errorText: Buffer.concat(errors).toString() }),
    );
  });
}

/** A folder in which the programs of a search are busybox's; `undefined` where busybox is not there. */
export function busyboxPath(folder: string): string | undefined {
  const busybox = programOf("busybox");
  if (busybox === undefined) {
    return undefined;
  }
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  for (const name of [
    "sh",
    "head",
    "grep",
    "find",
    "xargs",
    "tr",
    "wc",
    "setsid",
    "sleep",
    "printf",
    "cat",
  ]) {
    symlinkSync(busybox, path.join(bin, name));
  }
  return bin;
}

/** Where a program of this computer is. */
export function programOf(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}
