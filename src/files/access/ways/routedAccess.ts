import * as l10n from "@vscode/l10n";
import type { SessionPlace, SessionSftp } from "../../sftp/sessionSftp.js";
import { ApiAccess } from "../api/apiAccess.js";
import { CommandAccess } from "../commands/commandAccess.js";
import { type MayRunCommands, SessionCommands } from "../commands/sessionCommands.js";
import type {
  FileAbility,
  FileAccess,
  FileContent,
  FileInfo,
  MoveOptions,
  NamedFile,
  OperationOptions,
  ReadOptions,
  WriteOptions,
} from "../fileAccess.js";
import { FileAccessError, isFileFailure } from "../fileAccessError.js";
import { SftpAccess } from "../sftp/sftpAccess.js";
import { isElsewhere, isLost, isRefusedOnly } from "./wayFailures.js";

/** By which ways files are reached: the best that works, or one and no other. */
export type FileConnection = "auto" | "ssh" | "api";

/** What the choice depends on. */
export interface WayChoice {
  /** As it is set now. */
  connection(): FileConnection;
  readonly mayRunCommands: MayRunCommands;
}

/** How long a way that was lost is left alone while there is another one, in milliseconds. */
const avoidMs = 30_000;

/** What a way does. */
type Attempt<T> = () => Promise<T>;

/** A way, and what it does. */
interface Way<T> {
  readonly isSsh: boolean;
  readonly go: () => T;
}

/**
 * The files of a session by the best way for each operation: SFTP where ssh is there, else the server's file calls, and commands
 * run in the session for what these can't. What may be done twice is done by the next way when one is lost; what changes
 * something only where it says that it changed nothing.
 */
export class RoutedAccess implements FileAccess {
  readonly #sftp: SftpAccess;
  readonly #api: ApiAccess;
  readonly #commands: SessionCommands;
  readonly #byCommand: CommandAccess;
  readonly #choice: WayChoice;
  #avoidSshUntil = 0;

  constructor(place: SessionPlace, sftp: SessionSftp, choice: WayChoice) {
    this.#sftp = new SftpAccess(place, sftp);
    this.#api = new ApiAccess(place);
    this.#commands = new SessionCommands(place, choice.mayRunCommands);
    this.#byCommand = new CommandAccess(place, this.#commands);
    this.#choice = choice;
  }

  async can(ability: FileAbility, signal: AbortSignal): Promise<boolean> {
    const connection = this.#choice.connection();
    return (
      (connection !== "api" && (await this.#sftp.can(ability, signal))) ||
      (connection !== "ssh" && this.#commands.isPossible)
    );
  }

  async stat(path: string, options: OperationOptions): Promise<FileInfo> {
    return this.#repeatable(
      async () => this.#sftp.stat(path, options),
      async () => this.#api.stat(path, options),
    );
  }

  async list(path: string, options: OperationOptions): Promise<readonly NamedFile[]> {
    return this.#repeatable(
      async () => this.#sftp.list(path, options),
      async () => this.#api.list(path, options),
    );
  }

  async *read(path: string, options: ReadOptions): AsyncGenerator<Uint8Array> {
    let given = 0;
    const { signal, range } = options;
    const ways = this.#ways(
      () => this.#sftp.read(path, restOf(range, given, signal)),
      () => this.#api.read(path, restOf(range, given, signal)),
      () => this.#byCommand.read(path, restOf(range, given, signal)),
    );
    const met: unknown[] = [];
    for (const [index, { isSsh, go }] of ways.entries()) {
      try {
        for await (const piece of go()) {
          given += piece.length;
          yield piece;
        }
        return;
      } catch (error) {
        signal.throwIfAborted();
        this.#note(error, isSsh);
        met.push(error);
        // Another way may not see the same file: what was begun is gone on with by its own.
        if (given > 0) {
          throw error;
        }
        if (index === ways.length - 1 || isOver(error, isSsh) || !(isElsewhere(error) || isLost(error))) {
          throw wordiest(met);
        }
      }
    }
  }

  async write(path: string, content: FileContent, options: WriteOptions): Promise<FileInfo> {
    const byCommand = async (): Promise<FileInfo> => {
      await this.#byCommand.write(path, content, options);
      this.#api.forget(path);
      return this.#api.stat(path, options);
    };
    const written = this.#changing(
      options.signal,
      this.#ways(
        async () => this.#sftp.write(path, content, options),
        async () => this.#api.write(path, content, options),
        byCommand,
      ),
      isRefusedOnly,
    );
    return written.finally(() => this.#api.forget(path));
  }

  async makeDirectory(path: string, options: OperationOptions): Promise<void> {
    await this.#change({ what: "makeDirectory", path, signal: options.signal }, [
      async () => this.#sftp.makeDirectory(path, options),
      async () => this.#byCommand.makeDirectory(path, options),
    ]);
  }

  async remove(path: string, options: OperationOptions & { readonly recursive: boolean }): Promise<void> {
    await this.#change({ what: "remove", path, signal: options.signal }, [
      async () => this.#sftp.remove(path, options),
      async () => this.#byCommand.remove(path, options),
    ]);
  }

  async rename(from: string, to: string, options: MoveOptions): Promise<void> {
    await this.#change({ what: "rename", path: from, signal: options.signal }, [
      async () => this.#sftp.rename(from, to, options),
      async () => this.#byCommand.rename(from, to, options),
    ]);
    this.#api.forget(to);
  }

  async copy(from: string, to: string, options: MoveOptions): Promise<void> {
    await this.#change({ what: "copy", path: from, signal: options.signal }, [
      async () => this.#sftp.copy(from, to, options),
      async () => this.#byCommand.copy(from, to, options),
    ]);
    this.#api.forget(to);
  }

  /** What changes nothing is done by the next way for any failure of a way itself. */
  async #repeatable<T>(bySftp: Attempt<T>, byApi: Attempt<T>): Promise<T> {
    return this.#changing(undefined, this.#ways(bySftp, byApi), isLost);
  }

  async #change(
    {
      what,
      path,
      signal,
    }: { readonly what: ChangeAbility; readonly path: string; readonly signal: AbortSignal },
    [bySftp, byCommand]: readonly [Attempt<void>, Attempt<void>],
  ): Promise<void> {
    try {
      await this.#changing(signal, this.#ways(bySftp, byCommand), () => false);
    } catch (error) {
      signal.throwIfAborted();
      throw isFileFailure(error, "unsupported") ? cannot(what, path, error) : error;
    } finally {
      this.#api.forget(path);
    }
  }

  /** One way after the other, as long as they fail at what the next one may do. */
  async #changing<T>(
    signal: AbortSignal | undefined,
    ways: readonly Way<Promise<T>>[],
    isWorthAnother: (error: unknown) => boolean,
  ): Promise<T> {
    const met: unknown[] = [];
    for (const [index, { isSsh, go }] of ways.entries()) {
      try {
        return await go();
      } catch (error) {
        signal?.throwIfAborted();
        this.#note(error, isSsh);
        met.push(error);
        const isWorth = isElsewhere(error) || isWorthAnother(error);
        if (index === ways.length - 1 || isOver(error, isSsh) || !isWorth) {
          break;
        }
      }
    }
    throw wordiest(met);
  }

  /** The ways that are open now, the best first: the first of those given is ssh's. */
  #ways<T>(bySftp: () => T, ...others: readonly (() => T)[]): readonly Way<T>[] {
    const connection = this.#choice.connection();
    const isAvoided =
      connection === "api" || (connection === "auto" && performance.now() < this.#avoidSshUntil);
    const bySsh = { isSsh: true, go: bySftp };
    const byServer = others.map((go) => ({ isSsh: false, go }));
    return connection === "ssh" ? [bySsh] : isAvoided ? byServer : [bySsh, ...byServer];
  }

  #note(error: unknown, isSsh: boolean): void {
    if (isSsh && (isLost(error) || isFileFailure(error, "unavailable"))) {
      this.#avoidSshUntil = performance.now() + avoidMs;
    }
  }
}

/** What is still to be read. */
function restOf(range: ReadOptions["range"], given: number, signal: AbortSignal): ReadOptions {
  return { signal, range: { start: (range?.start ?? 0) + given, end: range?.end } };
}

/** Whether the session can't be reached by the server either. */
function isOver(error: unknown, isSsh: boolean): boolean {
  return !isSsh && isFileFailure(error, "unavailable");
}

/** Of several failures the one that says most: what a way met, else that something is too large, else the last. */
function wordiest(met: readonly unknown[]): unknown {
  return (
    met.find((error) => !isElsewhere(error) && !isLost(error)) ??
    met.find((error) => isFileFailure(error, "tooLarge")) ??
    met.at(-1)
  );
}

type ChangeAbility = Exclude<FileAbility, "anySize">;

const cannotWords: Readonly<Record<ChangeAbility, string>> = {
  makeDirectory: l10n.t(
    "This server can't make folders in this session: it has no ssh, and commands may not, or can't, be run in it.",
  ),
  remove: l10n.t(
    "This server can't delete in this session: it has no ssh, and commands may not, or can't, be run in it.",
  ),
  rename: l10n.t(
    "This server can't rename in this session: it has no ssh, and commands may not, or can't, be run in it.",
  ),
  copy: l10n.t(
    "This server can't copy in this session: it has no ssh, and commands may not, or can't, be run in it.",
  ),
};

function cannot(what: ChangeAbility, path: string, cause: unknown): FileAccessError {
  return new FileAccessError(
    "unsupported",
    path,
    `${cannotWords[what]} ${l10n.t("Allow commands when you are asked, or start a session whose image has ssh.")}`,
    { cause },
  );
}
