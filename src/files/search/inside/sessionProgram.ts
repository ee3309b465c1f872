import type { BackendAIClient } from "../../../api/index.js";
import { NoSessionKeyError } from "../../../tunnel/sessionKey.js";
import type { SessionTunnels } from "../../../tunnel/sessionTunnels.js";
import { SshUnavailableError } from "../../../tunnel/sshConnection.js";
import { apiPrograms } from "./apiProgram.js";
import type { StartProgram } from "./searchProgram.js";
import { sshPrograms } from "./sshProgram.js";

/** Starts programs in a session by ssh; where that is not to be had, by the interpreter of a session for Python. */
export function sessionPrograms(
  tunnels: SessionTunnels,
  client: BackendAIClient,
  session: { readonly id: string; readonly image: string },
): StartProgram {
  const bySsh = sshPrograms(tunnels.ssh(client, session.id));
  const byApi = apiPrograms(client, session.id);
  return async (task, signal) => {
    try {
      return await bySsh(task, signal);
    } catch (error) {
      const isWithoutSsh = error instanceof SshUnavailableError || error instanceof NoSessionKeyError;
      if (isWithoutSsh && (await isPython(client, session.image, signal))) {
        return byApi(task, signal);
      }
      throw error;
    }
  };
}

async function isPython(client: BackendAIClient, image: string, signal: AbortSignal): Promise<boolean> {
  const images = await client.images.list({ signal });
  return images.find(({ reference }) => reference === image)?.runtimeType === "python";
}
