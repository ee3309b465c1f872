import * as vscode from "vscode";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import { environmentTarget, hasEnvironmentTarget } from "../environment.js";
import type { ConnectionStore } from "../connectionStore.js";
import type { Account } from "../account.js";

/** Commands that choose the server. */
export function registerAccountCommands(
  commands: Commands,
  store: ConnectionStore,
  account: Account,
): Disposable[] {
  return [
    commands.register("backendai.account.connectDefault", (signal) =>
      store.connect(account.defaultTarget(), signal),
    ),
    commands.register("backendai.account.connectLocal", (signal) => store.connect({ kind: "local" }, signal)),
    commands.register("backendai.account.connectEnvironment", (signal) =>
      store.connect(environmentTarget(process.env), signal),
    ),
    commands.register("backendai.account.disconnect", () => store.disconnect()),
    commands.register("backendai.account.connect", (signal) => chooseServer(store, signal)),
  ];
}

interface ServerItem extends vscode.QuickPickItem {
  readonly choose: (signal: AbortSignal) => Promise<unknown>;
}

async function chooseServer(store: ConnectionStore, signal: AbortSignal): Promise<void> {
  const connected = store.state.phase === "connected" ? store.state.target.kind : undefined;
  const current = (kind: string): { description?: string } =>
    kind === connected ? { description: "connected" } : {};
  const items: ServerItem[] = [
    {
      label: "$(device-desktop) Local engine",
      detail: "Sessions are processes on this computer. No account needed.",
      ...current("local"),
      choose: (chosen) => store.connect({ kind: "local" }, chosen),
    },
    {
      label: "$(cloud) Server of the environment",
      detail: hasEnvironmentTarget(process.env)
        ? `BACKEND_ENDPOINT is ${process.env["BACKEND_ENDPOINT"] ?? ""}`
        : "Start VS Code with BACKEND_ENDPOINT, BACKEND_ACCESS_KEY and BACKEND_SECRET_KEY set.",
      ...current("environment"),
      choose: (chosen) => store.connect(environmentTarget(process.env), chosen),
    },
    ...(connected === undefined
      ? []
      : [{ label: "$(debug-disconnect) Disconnect", choose: () => store.disconnect() }]),
  ];
  const choice = await vscode.window.showQuickPick(items, { placeHolder: "Where should sessions run?" });
  await choice?.choose(signal);
}
