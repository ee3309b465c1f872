import * as l10n from "@vscode/l10n";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import { isAbort } from "../../../base/abort.js";
import type { ProfileDoor } from "../../connector.js";
import type { Profile } from "../../profiles/profile.js";
import type { KeptSecret } from "../../profiles/profileSecrets.js";
import { isSameServer } from "../../target.js";
import type { KeepDeps } from "./keepSignIn.js";

/** Forgets a sign-in, and has a web server forget its login as well. */
export async function signOut(
  { account, secrets, door }: KeepDeps,
  profile: Profile,
  signal: AbortSignal,
): Promise<void> {
  const signedIn = await secrets.get(profile);
  await secrets.delete(profile.id);
  await account.connection.leave((target) => isSameServer(target, { kind: "profile", profile }));
  if (signedIn?.secret.type === "cookie") {
    // Where the server can't be reached, the login ends by its age.
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
  secret: Extract<KeptSecret, { type: "cookie" }>,
  signal: AbortSignal,
): Promise<void> {
  const client = await door(profile, secret, signal);
  try {
    await client.auth.logout({ signal });
  } finally {
    await client.close();
  }
}

/** Signs out of a server and forgets it, when the person confirms. */
export async function removeServer(deps: KeepDeps, profile: Profile, signal: AbortSignal): Promise<void> {
  const question = l10n.t("Remove {0}?", profile.name);
  const detail = l10n.t("You are signed out of it. Its sessions and files stay as they are.");
  const remove = l10n.t("Remove");
  if ((await showWarningMessage(question, { modal: true, detail }, remove)) === remove) {
    await signOut(deps, profile, signal);
    await deps.account.profiles.remove(profile.id);
  }
}
