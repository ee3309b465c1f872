import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CommandId } from "../../platform/commandIds.js";
import { hostOf } from "../profiles/profile.js";
import { type ConnectionTarget, serverIdOf, targetLabel } from "../target.js";
import type { AccountCommandDeps } from "./accountCommands.js";

/** A server to go to, or something to do about servers. */
export interface ServerChoice extends vscode.QuickPickItem {
  readonly target?: ConnectionTarget;
  readonly command?: CommandId;
  readonly argument?: string;
}

/** Asks where sessions should run; `undefined` when the question was closed. */
export async function pickServer(deps: AccountCommandDeps): Promise<ServerChoice | undefined> {
  const items = [
    { label: l10n.t("Servers"), kind: vscode.QuickPickItemKind.Separator },
    ...(await servers(deps)),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    ...actions(deps),
  ];
  const placeHolder = l10n.t("Where should sessions run?");
  return vscode.window.showQuickPick<ServerChoice>(items, { placeHolder, matchOnDetail: true });
}

async function servers({ account, secrets }: AccountCommandDeps): Promise<ServerChoice[]> {
  const profiles = await Promise.all(
    account.profiles.profiles.map(async (profile): Promise<ServerChoice> => {
      const signIn = await secrets.get(profile);
      const addresses = profile.endpoints.map(hostOf).join(", ");
      const who = signIn === undefined ? l10n.t("not signed in") : signIn.user;
      const group = profile.group === "default" ? "" : ` · ${l10n.t("group {0}", profile.group)}`;
      const open = profile.skipVerification ? ` · $(unlock) ${l10n.t("certificate not verified")}` : "";
      return {
        label: `$(cloud) ${profile.name}`,
        detail: `${addresses} · ${who}${group}${open}`,
        ...(signIn === undefined
          ? ({ command: "backendai.account.signIn", argument: profile.id } as const)
          : { target: { kind: "profile", profile } as const }),
        ...connected(account.connection.state, profile.id),
      };
    }),
  );
  return [
    {
      label: `$(device-desktop) ${l10n.t("Local engine")}`,
      detail: l10n.t("Sessions are processes on this computer, with all your rights. No account needed."),
      target: { kind: "local" },
      ...connected(account.connection.state, "local"),
    },
    ...profiles,
    ...environmentItem(account),
  ];
}

function environmentItem({ hasEnvironment, connection }: AccountCommandDeps["account"]): ServerChoice[] {
  return hasEnvironment
    ? [
        {
          label: `$(cloud) ${l10n.t("Server of the environment")}`,
          detail: l10n.t("The server that BACKEND_ENDPOINT names."),
          command: "backendai.account.connectEnvironment",
          ...(connection.state.phase === "connected" && connection.state.target.kind === "environment"
            ? { description: l10n.t("connected") }
            : {}),
        },
      ]
    : [];
}

function connected(
  state: AccountCommandDeps["account"]["connection"]["state"],
  id: string,
): { readonly description?: string } {
  return state.phase === "connected" && serverIdOf(state.target) === id
    ? { description: l10n.t("connected") }
    : {};
}

function actions({ account }: AccountCommandDeps): ServerChoice[] {
  const { connection, profiles, hasEnvironment } = account;
  const { state } = connection;
  const target = state.phase === "disconnected" ? undefined : state.target;
  return [
    { label: `$(add) ${l10n.t("Add Server…")}`, command: "backendai.account.addServer" },
    ...(hasEnvironment
      ? [
          {
            label: `$(save) ${l10n.t("Keep the Server of the Environment…")}`,
            command: "backendai.account.importEnvironment" as const,
          },
        ]
      : []),
    ...(state.phase === "connected" && target?.kind !== "local"
      ? [
          {
            label: `$(organization) ${l10n.t("Choose Group…")}`,
            description: state.client.defaults.group,
            command: "backendai.account.chooseGroup" as const,
          },
        ]
      : []),
    ...(target?.kind === "profile"
      ? [
          {
            label: `$(sign-out) ${l10n.t("Sign Out of {0}", targetLabel(target))}`,
            command: "backendai.account.signOut" as const,
            argument: target.profile.id,
          },
        ]
      : []),
    ...(state.phase === "connected"
      ? [
          {
            label: `$(checklist) ${l10n.t("What Works on This Server")}`,
            command: "backendai.account.showServer" as const,
          },
        ]
      : []),
    ...(state.phase === "disconnected" || state.phase === "failed"
      ? []
      : [
          {
            label: `$(debug-disconnect) ${l10n.t("Disconnect")}`,
            command: "backendai.account.disconnect" as const,
          },
        ]),
    ...(profiles.profiles.length > 0
      ? [
          {
            label: `$(trash) ${l10n.t("Remove Server…")}`,
            command: "backendai.account.removeServer" as const,
          },
        ]
      : []),
    { label: `$(output) ${l10n.t("Show Log")}`, command: "backendai.log.show" },
  ];
}
