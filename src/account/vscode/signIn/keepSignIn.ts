import { isDeepStrictEqual } from "node:util";
import * as l10n from "@vscode/l10n";
import { isAbort } from "../../../base/abort.js";
import { messageOf } from "../../../base/errors.js";
import { withProgress } from "../../../platform/progress.js";
import type { Account } from "../../account.js";
import type { Profile } from "../../profiles/profile.js";
import type { ProfileSecrets } from "../../profiles/profileSecrets.js";
import { groupsOf } from "../../signIn.js";
import { isSameServer } from "../../target.js";
import { mayLeave } from "../mayLeave.js";
import { withGroup } from "./groupQuestion.js";
import type { SignedIn, SignInDeps } from "./signInQuestions.js";

/** What keeping a sign-in works with. */
export interface KeepDeps extends SignInDeps {
  readonly account: Account;
  readonly secrets: ProfileSecrets;
  /** How many sessions of the server in use are not over. */
  readonly liveSessions: () => number;
}

/**
 * Keeps a sign-in that was proved, with the group that its sessions are for, and goes to the server.
 * `wasChosen` tells whether somebody named the group of the profile, rather than nobody.
 */
export async function keepSignIn(
  deps: KeepDeps,
  { profile, signIn }: SignedIn,
  how: { readonly wasChosen: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { account, secrets, liveSessions } = deps;
  const { signal } = how;
  const kept = await chosenGroup(deps, { profile, signIn }, how);
  signal.throwIfAborted();
  if (!isDeepStrictEqual(account.profiles.find(kept.id), kept)) {
    await account.profiles.save(kept);
  }
  await secrets.set(kept, signIn);
  if (await mayLeave(account, liveSessions())) {
    const target = { kind: "profile", profile: kept } as const;
    await account.connection.leave((other) => isSameServer(other, target)); // it may be in use as somebody else
    await account.connection.connect(target, signal);
  }
}

/** A server that does not tell of groups, or is gone by now, does not undo the sign-in. */
async function chosenGroup(
  { door, logger }: SignInDeps,
  { profile, signIn }: SignedIn,
  { wasChosen, signal }: { readonly wasChosen: boolean; readonly signal: AbortSignal },
): Promise<Profile> {
  const title = l10n.t("Asking {0} for your groups", profile.name);
  try {
    const groups = await withProgress(title, (asking) => groupsOf(door, profile, signIn, asking), signal);
    return await withGroup(profile, groups, { wasChosen, signal });
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
    logger.warn(`groups of ${profile.name}: ${messageOf(error)}`);
    return profile;
  }
}
