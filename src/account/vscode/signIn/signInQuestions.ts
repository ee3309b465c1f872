import * as l10n from "@vscode/l10n";
import { isAbort } from "../../../base/abort.js";
import type { Logger } from "../../../base/logger.js";
import { describeError } from "../../../platform/describeError.js";
import { asksAgain } from "../../../platform/messages.js";
import { withProgress } from "../../../platform/progress.js";
import { type Asker, askSteps } from "../../../platform/steps.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import type { ProfileDoor } from "../../connector.js";
import type { Profile } from "../../profiles/profile.js";
import type { SignIn } from "../../profiles/profileSecrets.js";
import { type PasswordUser, proveKeypair, proveLogin, remedyOf } from "../../signIn.js";

/** By what a person signs in. */
type SignInWay = "keypair" | "password";

/** What the questions work with. */
export interface SignInDeps {
  readonly door: ProfileDoor;
  readonly logger: Logger;
}

/** Somebody the server knows, and the server as it knows them: they may be of another domain than was thought. */
export interface SignedIn {
  readonly profile: Profile;
  readonly signIn: SignIn;
}

/** The only ways of a profile, or both: a manager takes keypairs, and gives them out for passwords. */
function waysOf({ login }: Profile): readonly SignInWay[] {
  return login === "password" ? ["password"] : ["keypair", "password"];
}

/** Asks for the way, where there are several; and for the domain, which only managers want to be told. */
async function askWay(
  ask: Asker,
  profile: Profile,
  problem: string | undefined,
): Promise<{ readonly way: SignInWay; readonly domain: string }> {
  const { domain } = profile;
  const ways = waysOf(profile);
  const [only] = ways;
  if (ways.length === 1 && only !== undefined) {
    return { way: only, domain };
  }
  const items = [
    {
      icon: "key",
      label: l10n.t("Keypair"),
      detail: l10n.t("An access key and a secret key, as the web interface shows them."),
      way: "keypair",
    },
    {
      icon: "mail",
      label: l10n.t("E-mail and Password"),
      detail: l10n.t("The password is not kept."),
      way: "password",
    },
    {
      icon: "organization",
      label: l10n.t("Domain…"),
      description: domain,
      detail: l10n.t("Your account is in another domain: for e-mail and password."),
      way: undefined,
    },
  ] as const;
  const { way } = await ask.pick({ placeHolder: withProblem(l10n.t("How do you sign in?"), problem), items });
  if (way !== undefined) {
    return { way, domain };
  }
  const typed = await ask.text({
    prompt: l10n.t("Your domain on this server"),
    value: domain,
    validate: (text) => (text.trim() === "" ? l10n.t("A domain has a name.") : undefined),
  });
  return askWay(ask, { ...profile, domain: typed.trim() }, undefined);
}

/**
 * Asks who the person is, until the server knows them or they give up.
 * @param user The e-mail address or access key of the time before.
 */
export async function askSignIn(
  deps: SignInDeps,
  profile: Profile,
  signal: AbortSignal,
  user: string | undefined,
): Promise<SignedIn> {
  let way: SignInWay = "keypair";
  let problem: string | undefined;
  let current = profile;
  const answers = { user: user ?? "", secret: "" };
  for (;;) {
    await askSteps(
      l10n.t("Sign in to {0}", profile.name),
      [
        async (ask) => {
          const chosen = await askWay(ask, current, problem);
          way = chosen.way;
          current = { ...current, domain: chosen.domain };
        },
        async (ask) => {
          answers.user = await ask.text({
            prompt: withProblem(way === "keypair" ? l10n.t("Access key") : l10n.t("E-mail address"), problem),
            value: answers.user,
            validate: nameValidator(way),
          });
        },
        async (ask) => {
          answers.secret = await ask.text({
            prompt:
              way === "keypair"
                ? l10n.t("Secret key of {0}", answers.user)
                : l10n.t("Password of {0}", answers.user),
            password: true,
            validate: (text) => (text === "" ? l10n.t("It can't be empty.") : undefined),
          });
        },
      ],
      signal,
    );
    try {
      return { profile: current, signIn: await proveUntilAnswered(deps, current, way, answers, signal) };
    } catch (error) {
      if (remedyOf(error) !== "answer") {
        throw error;
      }
      problem = describeError(error).summary;
    }
  }
}

/** Proves what was typed; a server that can't be reached is tried again when the person says so. */
async function proveUntilAnswered(
  deps: SignInDeps,
  profile: Profile,
  way: SignInWay,
  answers: { readonly user: string; readonly secret: string },
  signal: AbortSignal,
): Promise<SignIn> {
  for (;;) {
    try {
      return await prove(deps.door, profile, way, answers, signal);
    } catch (error) {
      if (isAbort(error) || remedyOf(error) === "answer") {
        throw error;
      }
      // for programs
      if (!(await asksAgain(error, `signing in to ${profile.name}`, deps.logger))) {
        throw new DOMException("The person gave up.", "AbortError"); // for programs
      }
      signal.throwIfAborted();
    }
  }
}

async function prove(
  door: ProfileDoor,
  profile: Profile,
  way: SignInWay,
  { user, secret }: { readonly user: string; readonly secret: string },
  signal: AbortSignal,
): Promise<SignIn> {
  const title = l10n.t("Signing in to {0}", profile.name);
  if (way === "keypair") {
    const keys = { accessKey: user.trim(), secretKey: secret.trim() };
    return withProgress(title, (proving) => proveKeypair(door, profile, keys, proving), signal);
  }
  let who: PasswordUser = { email: user.trim(), password: secret };
  for (;;) {
    const trying = who;
    try {
      return await withProgress(title, (proving) => proveLogin(door, profile, trying, proving), signal);
    } catch (error) {
      const remedy = remedyOf(error);
      if (remedy === "code") {
        const problem = who.otp === undefined ? undefined : describeError(error).summary;
        who = { ...who, otp: await askCode(profile, problem, signal) };
      } else if (remedy === "end-others" && who.endsOthers !== true) {
        await confirmEnd(profile);
        who = { ...who, endsOthers: true };
      } else {
        throw error;
      }
    }
  }
}

async function askCode(profile: Profile, problem: string | undefined, signal: AbortSignal): Promise<string> {
  let otp = "";
  await askSteps(
    l10n.t("Sign in to {0}", profile.name),
    [
      async (ask) => {
        otp = await ask.text({
          prompt: withProblem(l10n.t("One-time code of your authenticator app"), problem),
          validate: (text) => (/^\d{6,8}$/.test(text.trim()) ? undefined : l10n.t("A code has six digits.")),
        });
      },
    ],
    signal,
  );
  return otp.trim();
}

/** @throws an `AbortError` when the person would rather keep their other logins. */
async function confirmEnd({ name }: Profile): Promise<void> {
  const question = l10n.t("You are logged in to {0} elsewhere as often as it allows.", name);
  const detail = l10n.t("Signing in here ends the oldest of these logins. Sessions go on.");
  const options = { modal: true, detail };
  if ((await showWarningMessage(question, options, l10n.t("End It and Sign In"))) === undefined) {
    throw new DOMException("The other login is kept.", "AbortError"); // for programs
  }
}

function nameValidator(way: SignInWay): (text: string) => string | undefined {
  return way === "keypair"
    ? (text) =>
        /^[\w-]{4,}$/.test(text.trim()) ? undefined : l10n.t("An access key has letters and digits only.")
    : (text) => (text.trim() === "" ? l10n.t("It can't be empty.") : undefined); // some servers know people by other names
}

function withProblem(prompt: string, problem: string | undefined): string {
  return problem === undefined ? prompt : `${problem} ${prompt}`;
}
