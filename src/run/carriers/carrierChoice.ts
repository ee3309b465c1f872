import type { Findings } from "../../api/index.js";

/** What carries runs: as the person set it. */
export type CarrierPreference = "auto" | "api" | "ssh";

/** What carries a run. */
export type Carrier = "api" | "ssh";

/**
 * What carries a run on a server. Its own batch runs where they are sound: files and output then go the same way. Elsewhere, and
 * where nobody knows, ssh.
 */
export function carrierFor(findings: Findings, preference: CarrierPreference): Carrier {
  if (preference !== "auto") {
    return preference;
  }
  return findings.has("batchLoses") || findings.has("executeFails") ? "ssh" : "api";
}
