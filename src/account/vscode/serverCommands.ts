import * as vscode from "vscode";
import { isAbort } from "../../base/abort.js";
import { ConfigurationError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import type { Account } from "../account.js";
import type { ProfileDoor } from "../connector.js";
import type { Profile } from "../profiles/profile.js";
import type { ProfileSecrets } from "../profiles/profileSecrets.js";
import { mayLeave } from "./mayLeave.js";

/** What the commands on servers work with. */
export interface ServerCommandDeps {
  readonly account: Account;
  readonly secrets: ProfileSecrets;
  readonly door: ProfileDoor;
  /** How many sessions of the server in use are not over. */
  readonly liveSessions: () => number;
}

/** Add, sign in, sign out, remove: what a person does about servers of their own. */
export function registerServerCommands(commands: Commands, deps: ServerCommandDeps): Disposable[] {
  return [
    commands.register("backendai.account.addServer", (signal) => addServer(deps, signal)),
    commands.register("backendai.account.signIn", async (signal, id) => {
      const profile = await chosen(deps, id, "Sign in to which server?");
      return profile && signIn(deps, profile, signal);
    }),
    commands.register("backendai.account.signOut", async (signal, id) => {
      const profile = await chosen(deps, id, "Sign out of which server?");
      return profile && signOut(deps, profile, signal);
    }),
    commands.register("backendai.account.removeServer", async (signal, id) => {
      const profile = await chosen(deps, id, "Remove which server?");
      return profile && removeServer(deps, profile, signal);
    }),
    commands.register("backendai.account.editServers", () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "backendai.servers"),
    ),
  ];
}

async function addServer(deps: ServerCommandDeps, signal: AbortSignal): Promise<void> {
  const { askServer } = await import("./addServer.js");
  const profile = await askServer(deps.door, deps.account.profiles, signal);
  await signIn(deps, profile, signal, () => deps.account.profiles.save(profile));
}

/** Asks who the person is and goes to the server; `onProved` is done before the sign-in is kept. */
async function signIn(
  { account, secrets, door, liveSessions }: ServerCommandDeps,
  profile: Profile,
  signal: AbortSignal,
  onProved?: () => Promise<void>,
): Promise<void> {
  const { askSignIn } = await import("./signInQuestions.js");
  const before = await secrets.get(profile);
  const signedIn = await askSignIn(door, profile, signal, before?.user);
  await onProved?.();
  await secrets.set(profile, signedIn);
  if (await mayLeave(account, liveSessions())) {
    const target = { kind: "profile", profile } as const;
    await account.connection.disconnect(); // the same server may be in use as somebody else
    await account.connection.connect(target, signal);
  }
}

async function signOut(
  { account, secrets, door }: ServerCommandDeps,
  profile: Profile,
  signal: AbortSignal,
): Promise<void> {
  const signedIn = await secrets.get(profile);
  await secrets.delete(profile.id);
  if (isInUse(account, profile)) {
    await account.connection.disconnect();
  }
  if (signedIn?.secret.type === "cookie") {
    // The server should forget it as well; where it can't be reached, the login ends by its age.
    await endLogin(door, profile, signedIn.secret, signal).catch((error: unknown) => {
      if (isAbort(error)) {
        throw error;
      }
    });
  }
}

async function endLogin(
  door: ProfileDoor,
  profile: Profile,
  secret: { readonly type: "cookie"; readonly cookie: string; readonly accessKey: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  const client = await door(profile, secret, signal);
  try {
    await client.auth.logout({ signal });
  } finally {
    await client.close();
  }
}

async function removeServer(deps: ServerCommandDeps, profile: Profile, signal: AbortSignal): Promise<void> {
  const question = `Remove ${profile.name}?`;
  const detail = "You are signed out of it. Its sessions and files stay as they are.";
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, "Remove")) === "Remove") {
    await signOut(deps, profile, signal);
    await deps.account.profiles.remove(profile.id);
  }
}

function isInUse({ connection: { state } }: Account, profile: Profile): boolean {
  return (
    state.phase !== "disconnected" &&
    state.target.kind === "profile" &&
    state.target.profile.id === profile.id
  );
}

/** The profile that a command names; else that of the server in use; else the only one, or the one that the person picks. */
async function chosen(
  { account: { profiles, connection } }: ServerCommandDeps,
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
    throw new ConfigurationError("server", "No server has been added yet: choose “Add Server…”.");
  }
  const items = all.map((profile) => ({
    label: profile.name,
    description: profile.endpoints.join(", "),
    profile,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.profile;
}
