import type { ConnectionState } from "../account/connectionStore.js";
import { endpointsOfTarget, isUnverified } from "../account/target.js";
import { errorCodeOf } from "../base/errors.js";
import { wordsFor } from "../platform/describeError.js";

/** What is known of the server in use, without who is signed in there. */
export function serverFacts(state: ConnectionState): Readonly<Record<string, unknown>> {
  if (state.phase === "disconnected") {
    return { phase: state.phase };
  }
  const { target, phase } = state;
  const about = {
    phase,
    kind: target.kind,
    ...(target.kind === "local" ? {} : { endpoints: endpointsOfTarget(target) }),
    ...(target.kind === "profile" ? { login: target.profile.login } : {}),
    certificateUnverified: isUnverified(target),
  };
  switch (state.phase) {
    case "connecting":
      return about;
    case "failed":
      return { ...about, error: wordsFor(state.error), code: errorCodeOf(state.error) };
    case "connected": {
      const { dialect, findings } = state.client;
      return {
        ...about,
        manager: dialect.manager,
        apiVersion: dialect.apiVersion,
        can: dialect.can,
        saysItsDefects: findings.isDeclared,
        findings: Object.fromEntries(findings.all().map(({ name, finding }) => [name, finding])),
      };
    }
  }
}

/** Names and addresses by which people could tell which server it is. */
export function hostsOf(
  state: ConnectionState,
  profiles: readonly { readonly endpoints: readonly string[] }[],
): readonly string[] {
  const { target } = state.phase === "disconnected" ? {} : state;
  const endpoints = [
    ...profiles.flatMap((profile) => profile.endpoints),
    ...(target === undefined || target.kind === "local" ? [] : endpointsOfTarget(target)),
  ];
  return endpoints
    .filter((endpoint) => URL.canParse(endpoint))
    .flatMap((endpoint) => [new URL(endpoint).host, new URL(endpoint).hostname])
    .filter((host) => !/^(127\.|localhost\b|\[::1\])/.test(host));
}
