import * as l10n from "@vscode/l10n";
import type { Credentials, SessionDefaults } from "../api/index.js";
import { hostOf, type Profile } from "./profiles/profile.js";

/** A server to be connected to, and as whom. */
export type ConnectionTarget =
  | {
      /** The engine that ships with the extension, started on this computer when first needed. */
      readonly kind: "local";
    }
  | {
      /** What the `BACKEND_*` environment variables name. */
      readonly kind: "environment";
      readonly endpoints: readonly string[];
      readonly credentials: Credentials;
      readonly domain: string;
      readonly group: string;
      readonly mounts: readonly string[];
      readonly skipVerification: boolean;
    }
  | {
      /** A server that the person added; who they are there is in the keychain. */
      readonly kind: "profile";
      readonly profile: Profile;
    };

/** A target for people: `Local engine`, the name of the profile, or the host of the server. */
export function targetLabel(target: ConnectionTarget): string {
  switch (target.kind) {
    case "local":
      return l10n.t("Local engine");
    case "environment":
      return hostOf(target.endpoints[0] ?? "");
    case "profile":
      return target.profile.name;
  }
}

/** How memory and addresses of files name a target: `local`, the id of its profile, or host and port of the environment's. */
export function serverIdOf(target: ConnectionTarget): string {
  switch (target.kind) {
    case "local":
      return "local";
    case "environment":
      return hostOf(target.endpoints[0] ?? "");
    case "profile":
      return target.profile.id;
  }
}

/** Whether two targets are the same server of the person's, however it is described by now. */
export function isSameServer(a: ConnectionTarget, b: ConnectionTarget): boolean {
  return a.kind === b.kind && serverIdOf(a) === serverIdOf(b);
}

/** Whether two targets mean the same server as the same user. */
export function isSameTarget(a: ConnectionTarget, b: ConnectionTarget): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What sessions of a target are started for and with. */
export function defaultsOf(target: Exclude<ConnectionTarget, { kind: "local" }>): SessionDefaults {
  const { domain, group, mounts } = target.kind === "profile" ? target.profile : target;
  return { domain, group, mounts };
}

/** Whether one connection serves both targets: at most what sessions are started for and with differs. */
export function isSameConnection(a: ConnectionTarget, b: ConnectionTarget): boolean {
  return isSameTarget(plain(a), plain(b));
}

function plain(target: ConnectionTarget): ConnectionTarget {
  const none: SessionDefaults = { domain: "", group: "", mounts: [] };
  switch (target.kind) {
    case "local":
      return target;
    case "environment":
      return { ...target, ...none };
    case "profile":
      return { ...target, profile: { ...target.profile, ...none } };
  }
}

/** Whether certificates of the target's servers are not verified, as somebody wanted it. */
export function isUnverified(target: ConnectionTarget): boolean {
  return (
    target.kind !== "local" &&
    (target.kind === "profile" ? target.profile : target).skipVerification &&
    endpointsOfTarget(target).some((endpoint) => endpoint.startsWith("https:"))
  );
}

/** Whether sessions of the target are taken to cost nothing: the local engine, or a server on the loopback address. */
export function isOnThisComputer(target: ConnectionTarget): boolean {
  return (
    target.kind === "local" ||
    endpointsOfTarget(target).every((endpoint) =>
      /^https?:\/\/(127\.|0\.0\.0\.0\b|localhost\b|\[::1?\])/.test(endpoint),
    )
  );
}

/** The addresses of a target that is no local engine. */
export function endpointsOfTarget(target: Exclude<ConnectionTarget, { kind: "local" }>): readonly string[] {
  return target.kind === "environment" ? target.endpoints : target.profile.endpoints;
}
