import { dialectFor, type Dialect } from "../wire/dialect.js";
import { type Lifecycle, lifecycleOf } from "../wire/lifecycle.js";
import { type ServerRules, serverRulesFor } from "../wire/serverRules.js";
import { isReleaseAtLeast } from "../wire/version.js";

/** Everything that tells one server era from another. The engine plays exactly one. */
export interface Era {
  readonly dialect: Dialect;
  readonly rules: ServerRules;
  readonly lifecycle: Lifecycle;
  /** Whether the played release is `release` or newer. */
  since(release: string): boolean;
}

/**
 * The era of a server that announces `apiVersion`; `manager` tells releases with the same API version apart.
 * @throws {ProtocolError} when `apiVersion` is none, or older than v4.
 */
export function eraFor(apiVersion: string, manager?: string): Era {
  const dialect = dialectFor(
    manager === undefined ? { version: apiVersion } : { version: apiVersion, manager },
  );
  return {
    dialect,
    rules: serverRulesFor(dialect.manager),
    lifecycle: lifecycleOf(dialect.manager),
    since: (release) => isReleaseAtLeast(dialect.manager, release),
  };
}
