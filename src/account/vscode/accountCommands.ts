import * as vscode from "vscode";
import type { Disposable } from "../../base/lifecycle.js";
import { plural } from "../../base/text.js";
import type { Commands } from "../../platform/commands.js";
import type { Account } from "../account.js";
import { environmentTarget, hasEnvironmentTarget } from "../environment.js";
import type { ConnectionTarget } from "../target.js";

/** What the commands work with. */
export interface AccountCommandDeps {
  readonly account: Account;
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
      goTo(deps, environmentTarget(process.env), signal),
    ),
    commands.register("backendai.account.disconnect", async (_, options) => {
      if (isUnasked(options) || (await mayLeave(deps))) {
        await account.connection.disconnect();
      }
    }),
    commands.register("backendai.account.connect", (signal) => chooseServer(deps, signal)),
  ];
}

/** Keyboard shortcuts may say `{ "ask": false }`. */
function isUnasked(options: unknown): boolean {
  return typeof options === "object" && options !== null && "ask" in options && options.ask === false;
}

interface ServerItem extends vscode.QuickPickItem {
  readonly command: string;
}

async function chooseServer({ account }: AccountCommandDeps, signal: AbortSignal): Promise<void> {
  const { state } = account.connection;
  const current = (kind: string): { description?: string } =>
    state.phase === "connected" && state.target.kind === kind ? { description: "connected" } : {};
  const items: ServerItem[] = [
    {
      label: "$(device-desktop) Local engine",
      detail: "Sessions are processes on this computer. No account needed.",
      command: "backendai.account.connectLocal",
      ...current("local"),
    },
    {
      label: "$(cloud) Server of the environment",
      detail: hasEnvironmentTarget(process.env)
        ? "The server that BACKEND_ENDPOINT names."
        : "Start VS Code with BACKEND_ENDPOINT, BACKEND_ACCESS_KEY and BACKEND_SECRET_KEY set.",
      command: "backendai.account.connectEnvironment",
      ...current("environment"),
    },
    ...(state.phase === "connected"
      ? [{ label: "$(checklist) What Works on This Server", command: "backendai.account.showServer" }]
      : []),
    ...(state.phase === "disconnected" || state.phase === "failed"
      ? []
      : [{ label: "$(debug-disconnect) Disconnect", command: "backendai.account.disconnect" }]),
  ];
  const choice = await vscode.window.showQuickPick(items, { placeHolder: "Where should sessions run?" });
  if (choice !== undefined && !signal.aborted) {
    await vscode.commands.executeCommand(choice.command);
  }
}

async function goTo(deps: AccountCommandDeps, target: ConnectionTarget, signal: AbortSignal): Promise<void> {
  if (await mayLeave(deps)) {
    await deps.account.connection.connect(target, signal);
  }
}

/** Sessions of the local engine end with it, and their files with them: that is not done in passing. */
async function mayLeave({ account, liveSessions }: AccountCommandDeps): Promise<boolean> {
  const { state } = account.connection;
  const count = state.phase === "connected" && state.target.kind === "local" ? liveSessions() : 0;
  if (count === 0) {
    return true;
  }
  const question = `Leave the local engine? Its ${plural(count, "session")} will end.`;
  const detail = "Running programs end, and the files of these sessions are deleted.";
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, "Leave")) === "Leave";
}
