import { type Asker, askSteps } from "../../platform/steps.js";
import { withProgress } from "../../platform/progress.js";
import { describeError } from "../../platform/describeError.js";
import type { ProfileDoor } from "../connector.js";
import type { Profile } from "../profiles/profile.js";
import type { SignIn } from "../profiles/profileSecrets.js";
import { isRefusedAnswer, needsCode, type PasswordUser, proveKeypair, proveLogin } from "../signIn.js";

/** By what a person signs in. */
type SignInWay = "keypair" | "password";

/** The only ways of a profile, or both: a manager takes keypairs, and gives them out for passwords. */
function waysOf({ login }: Profile): readonly SignInWay[] {
  return login === "password" ? ["password"] : ["keypair", "password"];
}

/** Asks for the way, where there are several. */
async function askWay(
  ask: Asker,
  ways: readonly SignInWay[],
  problem: string | undefined,
): Promise<SignInWay> {
  const items = [
    {
      label: "$(key) Keypair",
      detail: "An access key and a secret key, as the web interface shows them.",
      way: "keypair",
    },
    { label: "$(mail) E-mail and Password", detail: "The password is not kept.", way: "password" },
  ] as const;
  const [only] = ways;
  return ways.length === 1 && only !== undefined
    ? only
    : (await ask.pick({ placeHolder: withProblem("How do you sign in?", problem), items })).way;
}

/**
 * Asks who the person is, until the server knows them or they give up.
 * @param user The e-mail address or access key of the time before.
 */
export async function askSignIn(
  door: ProfileDoor,
  profile: Profile,
  signal: AbortSignal,
  user: string | undefined,
): Promise<SignIn> {
  let way: SignInWay = "keypair";
  let problem: string | undefined;
  const answers = { user: user ?? "", secret: "" };
  for (;;) {
    await askSteps(`Sign in to ${profile.name}`, [
      async (ask) => {
        way = await askWay(ask, waysOf(profile), problem);
      },
      async (ask) => {
        answers.user = await ask.text({
          prompt: withProblem(way === "keypair" ? "Access key" : "E-mail address", problem),
          value: answers.user,
          validate: nameValidator(way),
        });
      },
      async (ask) => {
        answers.secret = await ask.text({
          prompt: way === "keypair" ? `Secret key of ${answers.user}` : `Password of ${answers.user}`,
          password: true,
          validate: (text) => (text === "" ? "It can't be empty." : undefined),
        });
      },
    ]);
    try {
      return await prove(door, profile, way, answers, signal);
    } catch (error) {
      if (!isRefusedAnswer(error)) {
        throw error;
      }
      problem = describeError(error).summary;
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
  const title = `Signing in to ${profile.name}`;
  if (way === "keypair") {
    const keys = { accessKey: user.trim(), secretKey: secret.trim() };
    return withProgress(title, (proving) => proveKeypair(door, profile, keys, proving), signal);
  }
  const login = (who: PasswordUser): Promise<SignIn> =>
    withProgress(title, (proving) => proveLogin(door, profile, who, proving), signal);
  const who = { email: user.trim(), password: secret };
  try {
    return await login(who);
  } catch (error) {
    if (!needsCode(error)) {
      throw error;
    }
  }
  let otp = "";
  await askSteps(`Sign in to ${profile.name}`, [
    async (ask) => {
      otp = await ask.text({
        prompt: "One-time code of your authenticator app",
        validate: (text) => (/^\d{6,8}$/.test(text.trim()) ? undefined : "A code has six digits."),
      });
    },
  ]);
  return login({ ...who, otp: otp.trim() });
}

function nameValidator(way: SignInWay): (text: string) => string | undefined {
  return way === "keypair"
    ? (text) => (/^[\w-]{4,}$/.test(text.trim()) ? undefined : "An access key has letters and digits only.")
    : (text) => (text.trim().includes("@") ? undefined : "This is no e-mail address.");
}

function withProblem(prompt: string, problem: string | undefined): string {
  return problem === undefined ? prompt : `${problem} ${prompt}`;
}
