import { messageOf } from "../../base/errors.js";
import { askSteps } from "../../platform/steps.js";
import { withProgress } from "../../platform/progress.js";
import type { ProfileDoor } from "../connector.js";
import { endpointsOf, hostOf, type Profile, profileId, profileOf } from "../profiles/profile.js";
import type { ProfileStore } from "../profiles/profileStore.js";
import { probeServer } from "../signIn.js";

/**
 * Asks for a server's address and name, and looks what answers there; nothing is kept yet.
 * @throws {NetworkError} and others of a server that can't be used.
 */
export async function askServer(
  door: ProfileDoor,
  profiles: ProfileStore,
  signal: AbortSignal,
): Promise<Profile> {
  let endpoint = "";
  let name = "";
  await askSteps("Add a Backend.AI Server", [
    async (ask) => {
      endpoint = await ask.text({
        prompt:
          "Address of the server, as its web interface or administrator tells it. Several with commas are tried in order.",
        placeHolder: "https://api.example.com",
        value: endpoint,
        validate: problemOfEndpoint,
      });
    },
    async (ask) => {
      name = await ask.text({
        prompt: "A name for it",
        value: name === "" ? hostOf(endpointsOf(endpoint)[0] ?? "") : name,
        validate: (text) => problemOfName(text, profiles),
      });
    },
  ]);
  const draft = profileOf({ name, endpoint });
  const kind = await withProgress(
    `Looking for a server at ${draft.endpoints.join(", ")}`,
    (looking) => probeServer(door, draft, looking),
    signal,
  );
  return { ...draft, login: kind === "web" ? "password" : "keypair" };
}

function problemOfEndpoint(text: string): string | undefined {
  try {
    endpointsOf(text);
    return undefined;
  } catch (error) {
    const words = messageOf(error);
    return text.trim() === ""
      ? "A server has an address."
      : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  }
}

function problemOfName(text: string, profiles: ProfileStore): string | undefined {
  const id = profileId(text);
  if (text.trim() === "") {
    return "A server has a name.";
  }
  return id === "local" || profiles.find(id) !== undefined ? "This name is taken." : undefined;
}
