import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Image } from "../images/imageCatalog.js";
import type { Execution } from "./execution.js";
import type { IdleLimits } from "./idleChecks.js";
import type { Slots } from "./slots.js";

/** What a session is asked for. */
export interface SessionSpec {
  readonly name: string;
  readonly image: Image;
  readonly type: "interactive" | "batch";
  readonly tag: string | null;
  readonly slots: Slots;
  readonly sharedMemoryBytes: number;
  readonly environ: Readonly<Record<string, string>>;
  /** Virtual folders by name, and where under `/home/work` each appears. */
  readonly mounts: ReadonlyMap<string, string>;
  readonly startupCommand: string | null;
  readonly bootstrapScript: string | null;
  readonly preopenPorts: readonly number[];
  readonly priority: number;
  /** 0: no limit. */
  readonly batchTimeoutMs: number;
  /** Sessions that must have succeeded before this one starts. */
  readonly dependencies: readonly Session[];
}

/** Something in a session that clients can connect to. */
export interface Service {
  readonly name: string;
  readonly protocol: string;
  /** What clients call it by. */
  readonly containerPort: number;
  /** Its port on loopback; 0 when it has none and only `connect` leads to it. */
  readonly hostPort: number;
  /** Opens a connection; rejects when nobody answers. The caller ends it. */
  connect(): Promise<Duplex>;
}

/** Dead for good. */
export const deadStatuses: ReadonlySet<string> = new Set(["TERMINATED", "CANCELLED"]);

/** One session and everything known of it. Only `SessionLifecycle` changes its status. */
export class Session {
  name: string;
  status = "PENDING";
  statusInfo = "";
  statusData: Readonly<Record<string, unknown>> | null = null;
  result: "undefined" | "success" | "failure" = "undefined";
  /** When each status was entered, first entry first. */
  readonly history = new Map<string, Date>();
  readonly createdAt = new Date();
  statusChanged = this.createdAt;
  startedAt: Date | undefined;
  terminatedAt: Date | undefined;
  exitCode: number | null = null;
  queries = 0;
  lastActivity = Date.now();
  execution: Execution | undefined;
  services: readonly Service[] = [];
  /** Directories of virtual folders to which links in the work directory may lead. */
  mountedDirs: readonly string[] = [];
  /** Kept when the execution has ended. */
  lastLog = "";
  isCommitting = false;
  /** After which times the session is ended. */
  limits: IdleLimits = { idleTimeoutMs: 0, lifetimeMs: 0 };
  readonly creationId = randomBytes(16).toString("base64url");
  readonly containerId = randomBytes(32).toString("hex");

  constructor(
    readonly id: string,
    readonly kernelId: string,
    readonly spec: SessionSpec,
    /** The session's `/home/work` on this computer. */
    readonly workDir: string,
    readonly stateDir: string,
  ) {
    this.name = spec.name;
  }

  get isDead(): boolean {
    return deadStatuses.has(this.status);
  }

  /** Whether it holds a place: between the queue and the end. */
  get isPlaced(): boolean {
    return !this.isDead && this.status !== "PENDING";
  }

  /** The container's log so far. */
  get log(): string {
    return this.lastLog + (this.execution?.containerLog() ?? "");
  }

  /** Leaves a line in place of the log of a session that has ended. */
  forgetLog(): void {
    this.lastLog = "(The log of this session is not kept any more: those of later sessions are.)\n";
  }

  touch(): void {
    this.lastActivity = Date.now();
  }
}
