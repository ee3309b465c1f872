/**
 * The root of every error that this project throws on purpose. Branch on the class or on `code`, never on `message`.
 * What to tell a person about it, and which button helps, is decided elsewhere (`platform/describeError.ts`).
 */
export abstract class BackendAIError extends Error {
  /** Stable, upper snake case; part of the public contract. */
  abstract readonly code: string;

  /** The class's name as it is in the source, for logs: by `code`, as what ships has shorter names for classes. */
  override get name(): string {
    const words = this.code.toLowerCase().split("_");
    return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}Error`;
  }
}

/** The server could not be reached, or the connection broke. */
export class NetworkError extends BackendAIError {
  readonly code = "NETWORK";

  /** @param reason The system's word for it, such as `ECONNREFUSED`; absent when there was none. */
  constructor(
    message: string,
    readonly reason: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What was being waited for when a deadline passed. */
export type TimeoutPhase = "connect" | "headers" | "body" | "handshake" | "idle" | "start" | "run" | "total";

/** A deadline passed. */
export class TimeoutError extends BackendAIError {
  readonly code = "TIMEOUT";

  constructor(
    readonly phase: TimeoutPhase,
    readonly ms: number,
    /** What took so long, at the beginning of a sentence. */
    readonly what: string,
    options?: ErrorOptions,
  ) {
    super(`${what} took longer than ${String(ms / 1000)} s (${phase}).`, options);
  }
}

/** The other end said something that the protocol does not allow. */
export class ProtocolError extends BackendAIError {
  readonly code = "PROTOCOL";

  /**
   * @param where What was being read, such as `GET /session/{id}/files`.
   * @param excerpt The beginning of the offending text, shortened.
   */
  constructor(
    readonly where: string,
    readonly excerpt: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${where}: ${message}`, options);
  }
}

/** A stream ended before its end. */
export class StreamClosedError extends BackendAIError {
  readonly code = "STREAM_CLOSED";

  /** @param closeCode The websocket's close code; `undefined` for other streams. */
  constructor(
    readonly closeCode: number | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The server's release does not have what was asked for. */
export class UnsupportedError extends BackendAIError {
  readonly code = "UNSUPPORTED";

  constructor(
    readonly what: string,
    readonly needs: string,
    readonly has: string,
  ) {
    super(`${what} needs ${needs}; this server is ${has}.`);
  }
}

/** A setting, a variable or an argument is missing or wrong; nothing was sent. */
export class ConfigurationError extends BackendAIError {
  readonly code = "CONFIGURATION";

  /** @param setting The name of what is wrong, as the person who set it knows it. */
  constructor(
    readonly setting: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Why somebody has to sign in: nobody did, the login has ended, or the server no longer takes the keys. */
export type SignedOutReason = "never" | "expired" | "refused";

const signedOutWords: Readonly<Record<SignedOutReason, (server: string) => string>> = {
  never: (server) => `You are not signed in to ${server}.`,
  expired: (server) => `Your login to ${server} has expired.`,
  refused: (server) => `${server} no longer takes the keys that you signed in with.`,
};

/** The person has to sign in to a server. */
export class SignedOutError extends BackendAIError {
  readonly code = "SIGNED_OUT";

  /** @param server Its name, as the person knows it. */
  constructor(
    readonly server: string,
    readonly reason: SignedOutReason,
    options?: ErrorOptions,
  ) {
    super(signedOutWords[reason](server), options);
  }
}

/** Code of a folder that is not trusted would run on this computer; nothing was started. */
export class UntrustedWorkspaceError extends BackendAIError {
  readonly code = "UNTRUSTED_WORKSPACE";

  constructor() {
    super("This folder is not trusted, and sessions of this computer run its code with all your rights.");
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Anything that was thrown, as an error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The `code` of anything that was thrown: the system's word, such as `ENOENT`, or that of one of our errors. */
export function errorCodeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
