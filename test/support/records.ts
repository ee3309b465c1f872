import type { SessionSummary } from "../../src/api/index.js";

/** A running session, with what matters to a test put in. */
export function session(overrides: Partial<SessionSummary>): SessionSummary {
  return {
    id: "6f2c3ab2-0000-4000-8000-000000000001",
    name: "python-1",
    type: "interactive",
    image: "local/python:3.11",
    status: "RUNNING",
    accessKey: "AKIAEXAMPLE",
    clusterSize: 1,
    ...overrides,
  } as SessionSummary;
}
