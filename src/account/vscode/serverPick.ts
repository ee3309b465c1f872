import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CommandId } from "../../platform/commandIds.js";
import { type PickItem, showQuickPick } from "../../platform/shown/quickPick.js";
import { hostOf } from "../profiles/profile.js";
import { type ConnectionTarget, serverIdOf, targetLabel } from "../target.js";
import type { AccountCommandDeps } from "./accountCommands.js";

/** A server to go to, or something to do about servers. */
export interface ServerChoice extends PickItem {
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
  return showQuickPick<ServerChoice>(items, { placeHolder, matchOnDetail: true });
}

async function servers({ account, secrets }: AccountCommandDeps): Promise<ServerChoice[]> {
  const profiles = await Promise.all(
    account.profiles.profiles.map(async (profile): Promise<ServerChoice> => {
      const signIn = await secrets.get(profile);
      const addresses = profile.endpoints.map(hostOf).join(", ");
      const who = signIn === undefined ? l10n.t("not signed in") : signIn.user;
      const group = profile.group === "default" ? "" : ` · ${l10n.t("group {0}", profile.group)}`;
      const open = profile.skipVerification ? ` · ${l10n.t("certificate not verified")}` : "";
      return {
        icon: profile.skipVerification ? "unlock" : "cloud",
        label: profile.name,
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
      icon: "device-desktop",
      label: l10n.t("Local engine"),
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
          icon: "cloud",
          label: l10n.t("Server of the environment"),
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
    { icon: "add", label: l10n.t("Add Server…"), command: "backendai.account.addServer" },
    ...(hasEnvironment
      ? [
          {
            icon: "save",
            label: l10n.t("Keep the Server of the Environment…"),
            command: "backendai.account.importEnvironment" as const,
          },
        ]
      : []),
    ...(state.phase === "connected" && target?.kind !== "local"
      ? [
          {
            icon: "organization",
            label: l10n.t("Choose Group…"),
            description: state.client.defaults.group,
            command: "backendai.account.chooseGroup" as const,
          },
        ]
      : []),
    ...(target?.kind === "profile"
      ? [
          {
            icon: "sign-out",
            label: l10n.t("Sign Out of {0}", targetLabel(target)),
            command: "backendai.account.signOut" as const,
            argument: target.profile.id,
          },
        ]
      : []),
    ...(state.phase === "connected"
      ? [
          {
            icon: "checklist",
            label: l10n.t("What Works on This Server"),
            command: "backendai.account.showServer" as const,
          },
        ]
      : []),
    ...(state.phase === "disconnected" || state.phase === "failed"
      ? []
      : [
          {
            icon: "debug-disconnect",
            label: l10n.t("Disconnect"),
            command: "backendai.account.disconnect" as const,
          },
        ]),
    ...(profiles.profiles.length > 0
      ? [
          {
            icon: "trash",
            label: l10n.t("Remove Server…"),
            command: "backendai.account.removeServer" as const,
          },
        ]
      : []),
    { icon: "output", label: l10n.t("Show Log"), command: "backendai.log.show" },
  ];
}
