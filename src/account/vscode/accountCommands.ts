import * as vscode from "vscode";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import type { Account } from "../account.js";
import type { ProfileSecrets } from "../profiles/profileSecrets.js";
import type { ConnectionTarget } from "../target.js";
import { mayLeave } from "./mayLeave.js";

/** What the commands work with. */
export interface AccountCommandDeps {
  readonly account: Account;
  readonly secrets: ProfileSecrets;
  /** How many sessions of the server in use are not over. */
  readonly liveSessions: () => number;
}

/** Commands that choose the server. */
export function registerAccountCommands(commands: Commands, deps: AccountCommandDeps): Disposable[] {
  const { account } = deps;
  const local: ConnectionTarget = { kind: "local" };
  return [
    commands.register("backendai.account.connectDefault", (signal) => account.client(signal)),
    commands.register("backendai.account.connectLocal", (signal) =>
      account.connection.connect(local, signal),
    ),
    commands.register("backendai.account.connectEnvironment", (signal) =>
      goTo(deps, account.environmentTarget(), signal),
    ),
    commands.register("backendai.account.disconnect", async (_, options) => {
      if (isUnasked(options) || (await mayLeave(account, deps.liveSessions()))) {
        await account.connection.disconnect();
      }
    }),
    commands.register("backendai.account.connect", async (signal) => {
      const { pickServer } = await import("./serverPick.js");
      const choice = await pickServer(deps);
      if (choice?.target !== undefined) {
        await goTo(deps, choice.target, signal);
      } else if (choice?.command !== undefined) {
        await vscode.commands.executeCommand(choice.command, choice.argument);
      }
    }),
  ];
}

/** Keyboard shortcuts may say `{ "ask": false }`. */
function isUnasked(options: unknown): boolean {
  return typeof options === "object" && options !== null && "ask" in options && options.ask === false;
}

async function goTo(
  { account, liveSessions }: AccountCommandDeps,
  target: ConnectionTarget,
  signal: AbortSignal,
): Promise<void> {
  const { state } = account.connection;
  if (target.kind === "local" || state.phase === "failed" || (await mayLeave(account, liveSessions()))) {
    await account.connection.connect(target, signal);
  }
}
