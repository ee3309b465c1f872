import * as l10n from "@vscode/l10n";
import { withProgress } from "../../../platform/progress.js";
import { environmentServer } from "../../environmentServer.js";
import type { Profile } from "../../profiles/profile.js";
import type { SignIn } from "../../profiles/profileSecrets.js";
import { proveKeypair } from "../../signIn.js";
import { askSignIn } from "./signInQuestions.js";
import { type KeepDeps, keepSignIn } from "./keepSignIn.js";
import { confirmedAny } from "./trustQuestion.js";

/**
 * Keeps the server of the `BACKEND_*` variables as a server of the person's own, keys in the keychain: it is then there without
 * the variables. Where they name a web server, the person logs in.
 * @throws {ConfigurationError} naming the variable that is missing or wrong.
 */
export async function importEnvironment(deps: KeepDeps, signal: AbortSignal): Promise<void> {
  const { environment, profiles } = deps.account;
  const { profile, keys } = environmentServer(environment, profiles.profiles);
  if (profile.skipVerification && (await confirmedAny(profile)) === undefined) {
    return;
  }
  const signedIn =
    keys === undefined
      ? await askSignIn(deps, profile, signal, undefined)
      : { profile, signIn: await proved(deps, profile, keys, signal) };
  await keepSignIn(deps, signedIn, { wasChosen: true, signal }); // the variables name the group
}

async function proved(
  { door }: KeepDeps,
  profile: Profile,
  keys: { readonly accessKey: string; readonly secretKey: string },
  signal: AbortSignal,
): Promise<SignIn> {
  const title = l10n.t("Signing in to {0}", profile.name);
  return withProgress(title, (proving) => proveKeypair(door, profile, keys, proving), signal);
}
