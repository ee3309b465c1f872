import { createRequire } from "node:module";
import { TerminalUnavailableError } from "../errors.js";
import { messageOf } from "../../../base/errors.js";

/** What the engine uses of node-pty. */
export interface NodePty {
  spawn(file: string, args: string[], options: PtyOptions): Pty;
}

export interface PtyOptions {
  readonly name: string;
  readonly cols: number;
  readonly rows: number;
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** `null`: data comes as bytes. */
  readonly encoding: null;
}

/** A running pseudo-terminal. */
export interface Pty {
  readonly pid: number;
  onData(listener: (data: string | Buffer) => void): { dispose(): void };
  onExit(listener: (event: { exitCode: number; signal?: number }) => void): { dispose(): void };
  write(data: Buffer): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal?: string): void;
  /** Closes our end, so that the kernel hangs up. Not in the package's types, but in all its releases. */
  destroy?(): void;
}

const fallbackPackage = "@lydell/node-pty";

/**
 * Loads node-pty when the first terminal opens: VS Code's own copy when `BACKENDAI_NODE_PTY` names its folder, else the
 * prebuilt package.
 *
 * @throws TerminalUnavailableError
 */
export function loadNodePty(): NodePty {
  const require = createRequire(import.meta.url);
  const reasons: string[] = [];
  let cause: unknown;
  for (const source of [process.env["BACKENDAI_NODE_PTY"], fallbackPackage]) {
    if (source === undefined || source === "") {
      continue;
    }
    try {
      const loaded: unknown = require(source);
      if (isNodePty(loaded)) {
        return loaded;
      }
      reasons.push(`${source} is not node-pty`);
    } catch (error) {
      cause = error;
      reasons.push(`${source}: ${messageOf(error).split("\n")[0] ?? ""}`);
    }
  }
  throw new TerminalUnavailableError(reasons.join("; "), { cause });
}

function isNodePty(value: unknown): value is NodePty {
  return typeof value === "object" && value !== null && "spawn" in value && typeof value.spawn === "function";
}
