import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { RuntimeName } from "./contract.js";

const run = promisify(execFile);
const probeTimeoutMs = 5000;

/** A language that this computer can run. */
export interface RuntimeInfo {
  readonly name: RuntimeName;
  /** As the tool tells it, such as `3.11.7`. */
  readonly version: string;
  /** The executable, or its name on PATH. */
  readonly command: string;
}

interface Probe {
  readonly name: RuntimeName;
  readonly commands: readonly string[];
  readonly args: readonly string[];
  /** Answers the version, and the command when the tool tells a better one; `undefined`: can't be used. */
  readonly read: (output: string) => { readonly version: string; readonly command?: string } | undefined;
}

const pythonQuestion = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)";

const probes: readonly Probe[] = [
  { name: "python", commands: ["python3", "python"], args: ["-c", pythonQuestion], read: readPython },
  { name: "nodejs", commands: ["node"], args: ["--version"], read: firstVersion },
  { name: "c", commands: ["gcc", "cc", "clang"], args: ["--version"], read: firstVersion },
  { name: "cpp", commands: ["g++", "c++", "clang++"], args: ["--version"], read: firstVersion },
  { name: "golang", commands: ["go"], args: ["version"], read: firstVersion },
  { name: "rust", commands: ["rustc"], args: ["--version"], read: firstVersion },
  { name: "java", commands: ["java"], args: ["-version"], read: firstVersion },
  { name: "r", commands: ["Rscript"], args: ["--version"], read: firstVersion },
  { name: "julia", commands: ["julia"], args: ["--version"], read: firstVersion },
  { name: "lua", commands: ["lua", "lua5.4", "lua5.3", "luajit"], args: ["-v"], read: firstVersion },
  { name: "php", commands: ["php"], args: ["--version"], read: firstVersion },
  {
    name: "shell",
    commands: ["bash", "sh"],
    args: ["-c", 'echo "${BASH_VERSION:-1.0}"'],
    read: firstVersion,
  },
];

let cached: Promise<RuntimeInfo[]> | undefined;

/** The runtimes of this computer. All are asked at the same time, once; none is waited for longer than 5 s. */
export function availableRuntimes(): Promise<RuntimeInfo[]> {
  cached ??= Promise.all(probes.map(find)).then((found) => found.filter((info) => info !== undefined));
  return cached;
}

/** One runtime of this computer, or `undefined`. */
export async function findRuntime(name: RuntimeName): Promise<RuntimeInfo | undefined> {
  const runtimes = await availableRuntimes();
  return runtimes.find((info) => info.name === name);
}

async function find(probe: Probe): Promise<RuntimeInfo | undefined> {
  for (const command of probe.commands) {
    const found = await ask(probe, command);
    if (found !== undefined) {
      return { name: probe.name, version: found.version, command: found.command ?? command };
    }
  }
  // The engine itself runs on Node, or on an Electron that can act as one.
  return probe.name === "nodejs"
    ? { name: "nodejs", version: process.versions.node, command: process.execPath }
    : undefined;
}

async function ask(probe: Probe, command: string): ReturnTypeOfRead {
  try {
    const { stdout, stderr } = await run(command, [...probe.args], { timeout: probeTimeoutMs });
    return probe.read(`${stdout}\n${stderr}`);
  } catch {
    return undefined;
  }
}

type ReturnTypeOfRead = Promise<ReturnType<Probe["read"]>>;

function firstVersion(output: string): { version: string } | undefined {
  const version = /\d+(?:\.\d+)+/.exec(output)?.[0];
  return version === undefined ? undefined : { version };
}

function readPython(output: string): { version: string; command: string } | undefined {
  const [version = "", command = ""] = output.split("\n");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 3 && minor >= 8 && command !== "" ? { version, command } : undefined;
}
