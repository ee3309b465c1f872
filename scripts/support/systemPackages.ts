import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { runCommand } from "../../test/cluster/support/runCommand.js";

/** A program that comes with the operating system, not with npm. */
interface SystemPackage {
  /** Programs that show it is there, by name or full path; one is enough. */
  readonly programs: readonly string[];
  /** What each package manager calls it. */
  readonly names: Readonly<Record<PackageManager, string>>;
}

type PackageManager = "apt-get" | "dnf" | "pacman" | "brew";

/** The install command of each package manager, in the order in which they are looked for. */
const installCommands: Readonly<Record<PackageManager, string>> = {
  "apt-get": "sudo apt-get install -y",
  dnf: "sudo dnf install -y",
  pacman: "sudo pacman -S --needed",
  brew: "brew install",
};

const packages = {
  chromium: {
    programs: [
      "chromium",
      "chromium-browser",
      "google-chrome",
      "google-chrome-stable",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    names: { "apt-get": "chromium", dnf: "chromium", pacman: "chromium", brew: "--cask google-chrome" },
  },
  python: {
    programs: ["python3"],
    names: { "apt-get": "python3", dnf: "python3", pacman: "python", brew: "python3" },
  },
} as const satisfies Readonly<Record<string, SystemPackage>>;

/** The system packages that scripts and tests may ask for. */
export type SystemPackageName = keyof typeof packages;

/**
 * Resolves with the path of a program of each package. What is missing is installed where that needs nobody's consent
 * (root on a Debian system, as in a container); elsewhere it throws an error that names the one command to run.
 */
export async function ensureSystemPackages<Name extends SystemPackageName>(
  wanted: readonly Name[],
): Promise<Record<Name, string>> {
  const missing = wanted.filter((name) => locate(name) === undefined);
  if (missing.length > 0) {
    await install(missing);
  }
  const found = wanted.map((name): [Name, string] => {
    const program = locate(name);
    if (program === undefined) {
      throw new Error(
        `${name} was installed, but none of ${packages[name].programs.join(", ")} can be found.`,
      );
    }
    return [name, program];
  });
  return Object.fromEntries(found) as Record<Name, string>;
}

async function install(missing: readonly SystemPackageName[]): Promise<void> {
  const manager = (Object.keys(installCommands) as PackageManager[]).find(
    (name) => findProgram(name) !== undefined,
  );
  if (manager === undefined) {
    throw new Error(`Please install ${missing.join(" and ")} first.`);
  }
  const names = missing.map((name) => packages[name].names[manager]).join(" ");
  if (manager !== "apt-get" || process.getuid?.() !== 0) {
    throw new Error(
      `Missing: ${missing.join(", ")}. Install with:\n\n  ${installCommands[manager]} ${names}\n`,
    );
  }
  const startedAt = Date.now();
  console.log(`Installing ${names} (apt-get) …`);
  await aptGet(["update"]);
  await aptGet(["install", "-y", "--no-install-recommends", ...names.split(" ")]);
  console.log(`  installed in ${String(Math.round((Date.now() - startedAt) / 1000))} s`);
}

/**
 * What an `apt-get` is run under, as several scripts may start at the same time: its own patience is for packages alone,
 * an update of the lists beside another one fails at once. The lock is not handed on: a service that a package starts
 * would hold it for ever.
 */
export const oneAtATime = ["flock", "-o", "-w", "300", "/var/lock/backendai-apt-get"] as const;

async function aptGet(args: readonly string[]): Promise<void> {
  const options = ["-q", "-o", "DPkg::Lock::Timeout=300"];
  await runCommand([...oneAtATime, "apt-get", ...options, ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    seconds: 900, // on a slow network it fetches a browser
  });
}

function locate(name: SystemPackageName): string | undefined {
  return packages[name].programs.map(findProgram).find((program) => program !== undefined && works(program));
}

/** Some systems put a stand-in on PATH that only asks to install the real thing. */
function works(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}

/** The full path of a program on PATH; of a path, itself if it can be run. */
export function findProgram(name: string): string | undefined {
  const folders = path.isAbsolute(name) ? [""] : (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
