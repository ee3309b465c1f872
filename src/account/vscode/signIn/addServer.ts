import * as l10n from "@vscode/l10n";
import { type CertificateError, NotAServerError } from "../../../api/errors.js";
import { isAbort } from "../../../base/abort.js";
import { messageOf } from "../../../base/errors.js";
import { describeError, wordsFor } from "../../../platform/describeError.js";
import { withProgress } from "../../../platform/progress.js";
import { type Asker, askSteps } from "../../../platform/steps.js";
import { endpointsOf, hostOf, type Profile, profileId, profileOf } from "../../profiles/profile.js";
import type { ProfileStore } from "../../profiles/profileStore.js";
import { probeServer } from "../../signIn.js";
import type { SignInDeps } from "./signInQuestions.js";
import { askTrust, isUntrusted } from "./trustQuestion.js";

const title = l10n.t("Add a Backend.AI Server");

/** What was typed so far; it is not typed again when something is wrong with it. */
interface Draft {
  endpoint: string;
  name: string;
  /** What is wrong with the address. */
  problem?: string | undefined;
}

/**
 * Asks for a server's address and name, and looks what answers there, until a server does or the person gives up; nothing is
 * kept yet.
 */
export async function askServer(
  deps: SignInDeps,
  profiles: ProfileStore,
  signal: AbortSignal,
): Promise<Profile> {
  const draft: Draft = { endpoint: "", name: "" };
  for (;;) {
    await askAddress(draft, profiles, signal);
    const found = await findServer(deps, profileOf(draft), draft, signal);
    if (found !== undefined) {
      return found;
    }
  }
}

async function askAddress(draft: Draft, profiles: ProfileStore, signal: AbortSignal): Promise<void> {
  const { problem } = draft;
  await askSteps(
    title,
    [
      async (ask) => {
        const before = hostOfFirst(draft.endpoint);
        draft.endpoint = await ask.text({
          prompt:
            problem ??
            l10n.t(
              "Address of the server, as its web interface or administrator tells it. Several with commas are tried in order.",
            ),
          placeHolder: "https://api.example.com",
          value: draft.endpoint,
          validate: problemOfEndpoint,
        });
        if (draft.name === before) {
          draft.name = hostOfFirst(draft.endpoint);
        }
      },
      async (ask) => {
        draft.name = await ask.text({
          prompt: l10n.t("A name for it"),
          value: draft.name,
          validate: (text) => problemOfName(text, profiles),
        });
      },
    ],
    signal,
  );
}

/** Looks what answers; `undefined` when another address is to be asked for, with the reason in the draft. */
async function findServer(
  { door, logger }: SignInDeps,
  profile: Profile,
  draft: Draft,
  signal: AbortSignal,
): Promise<Profile | undefined> {
  const addresses = profile.endpoints.join(", ");
  try {
    const kind = await withProgress(
      l10n.t("Looking for a server at {0}", addresses),
      (looking) => probeServer(door, profile, looking),
      signal,
    );
    return { ...profile, login: kind === "web" ? "password" : "keypair" };
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
    logger.warn(`adding a server: ${wordsFor(error)}`);
    const trusted = isUntrusted(error) ? await trustedAfter(profile, error, signal) : undefined;
    if (trusted !== undefined) {
      return findServer({ door, logger }, trusted, draft, signal);
    }
    if (error instanceof NotAServerError && error.elsewhere !== undefined) {
      draft.endpoint = error.elsewhere;
      draft.problem = `${describeError(error).summary} ${l10n.t("Enter takes that one.")}`;
    } else {
      draft.problem = describeError(error).summary;
    }
    return undefined;
  }
}

/** The profile with what makes its server be trusted; `undefined` for another address. */
async function trustedAfter(
  profile: Profile,
  error: CertificateError,
  signal: AbortSignal,
): Promise<Profile | undefined> {
  const answer: { profile?: Profile | undefined } = {};
  const question = async (ask: Asker): Promise<void> => {
    const trust = await askTrust(ask, profile, error);
    answer.profile = trust && { ...profile, ...trust };
  };
  await askSteps(title, [question], signal);
  return answer.profile;
}

function hostOfFirst(words: string): string {
  return words === "" ? "" : hostOf(endpointsOf(words)[0] ?? "");
}

function problemOfEndpoint(text: string): string | undefined {
  try {
    endpointsOf(text);
    return undefined;
  } catch (error) {
    const words = messageOf(error);
    return text.trim() === ""
      ? l10n.t("A server has an address.")
      : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  }
}

function problemOfName(text: string, profiles: ProfileStore): string | undefined {
  const id = profileId(text);
  if (text.trim() === "") {
    return l10n.t("A server has a name.");
  }
  return id === "local" || profiles.find(id) !== undefined ? l10n.t("This name is taken.") : undefined;
}
