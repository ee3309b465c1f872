import type { Era } from "../era.js";
import { Refusal } from "../http/refusal.js";
import type { Account } from "./account.js";

/**
 * Refuses to act for somebody else, on the calls where the era's servers look at `owner_access_key` at all: every session
 * call up to 21.03, later destroy, restart and container logs only (`protocol.md` §3). Elsewhere it is ignored.
 */
export function checkOwner(
  request: { readonly method: string; readonly path: string; readonly query: URLSearchParams },
  account: Account,
  era: Era,
): void {
  const { method, path, query } = request;
  const owner = query.get("owner_access_key") ?? query.get("ownerAccessKey");
  const { prefix } = era.dialect;
  if (owner === null || owner === account.accessKey || !path.startsWith(`${prefix}/`)) {
    return;
  }
  const isHonoured = method === "DELETE" || method === "PATCH" || /^\/\w+\/[^/]+\/logs$/.test(path);
  if (isHonoured || !era.since("22.03")) {
    throw new Refusal("forbidden", {
      msg: "Only admins can perform operations on behalf of other users.",
    });
  }
}
