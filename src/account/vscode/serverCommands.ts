import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConfigurationError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import { showQuickPick } from "../../platform/shown/quickPick.js";
import type { Profile } from "../profiles/profile.js";
import type { KeepDeps } from "./signIn/keepSignIn.js";

/** Add, sign in, sign out, remove: what a person does about servers of their own. */
export function registerServerCommands(commands: Commands, deps: KeepDeps): Disposable[] {
  const newest = newestOnly();
  return [
    commands.register("backendai.account.addServer", (signal) => addServer(deps, newest(signal))),
    commands.register("backendai.account.signIn", async (signal, id) => {
      const profile = await chosen(deps, id, l10n.t("Sign in to which server?"));
      return profile && signIn(deps, profile, { wasChosen: true, signal: newest(signal) });
    }),
    commands.register("backendai.account.importEnvironment", async (signal) => {
      const { importEnvironment } = await import("./signIn/importEnvironment.js");
      await importEnvironment(deps, newest(signal));
    }),
    commands.register("backendai.account.chooseGroup", async (signal) => {
      const { chooseGroup } = await import("./signIn/chooseGroup.js");
      await chooseGroup(deps.account, newest(signal));
    }),
    commands.register("backendai.account.signOut", async (signal, id) => {
      const profile = await chosen(deps, id, l10n.t("Sign out of which server?"));
      if (profile !== undefined) {
        await (await import("./signIn/leaveServer.js")).signOut(deps, profile, signal);
      }
    }),
    commands.register("backendai.account.removeServer", async (signal, id) => {
      const profile = await chosen(deps, id, l10n.t("Remove which server?"));
      if (profile !== undefined) {
        await (await import("./signIn/leaveServer.js")).removeServer(deps, profile, signal);
      }
    }),
    commands.register("backendai.account.editServers", () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "backendai.servers"),
    ),
  ];
}

/** One conversation at a time: who clicks again begins anew, and what was under way ends in silence. */
function newestOnly(): (outer: AbortSignal) => AbortSignal {
  let current: AbortController | undefined;
  return (outer) => {
    current?.abort();
    current = new AbortController();
    return AbortSignal.any([outer, current.signal]);
  };
}

async function addServer(deps: KeepDeps, signal: AbortSignal): Promise<void> {
  const { askServer } = await import("./signIn/addServer.js");
  const profile = await askServer(deps, deps.account.profiles, signal);
  await signIn(deps, profile, { wasChosen: false, signal });
}

/** Asks who the person is, and goes to the server. */
async function signIn(
  deps: KeepDeps,
  profile: Profile,
  how: { readonly wasChosen: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const [{ askSignIn }, { keepSignIn }] = await Promise.all([
    import("./signIn/signInQuestions.js"),
    import("./signIn/keepSignIn.js"),
  ]);
  const before = await deps.secrets.get(profile);
  await keepSignIn(deps, await askSignIn(deps, profile, how.signal, before?.user), how);
}

/** The profile that a command names; else that of the server in use; else the only one, or the one that the person picks. */
async function chosen(
  { account: { profiles, connection } }: KeepDeps,
  id: unknown,
  placeHolder: string,
): Promise<Profile | undefined> {
  const { state } = connection;
  const current =
    state.phase !== "disconnected" && state.target.kind === "profile" ? state.target.profile.id : "";
  const named = profiles.find(typeof id === "string" ? id : current);
  const all = profiles.profiles;
  if (named !== undefined || all.length === 1) {
    return named ?? all[0];
  }
  if (all.length === 0) {
    throw new ConfigurationError("server", l10n.t("No server has been added yet: choose “Add Server…”."));
  }
  const items = all.map((profile) => ({
    label: profile.name,
    description: profile.endpoints.join(", "),
    profile,
  }));
  return (await showQuickPick(items, { placeHolder }))?.profile;
}
