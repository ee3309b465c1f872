import { ApiError } from "../../api/errors.js";
import type { BackendAIClient } from "../../api/index.js";

/** The name of a group (project), as calls want it; `undefined` where the server does not tell, which then takes the usual one. */
export async function groupNameOf(
  client: BackendAIClient,
  groupId: string | undefined,
  { signal }: { readonly signal: AbortSignal },
): Promise<string | undefined> {
  try {
    return groupId && (await client.groups.list({ signal })).find(({ id }) => id === groupId)?.name;
  } catch (error) {
    if (error instanceof ApiError) {
      return undefined;
    }
    throw error;
  }
}
