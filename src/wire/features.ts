import { isReleaseAtLeast } from "./version.js";

interface Span {
  readonly since: string;
  readonly until?: string;
}

/** From which release on a call exists, and from which on it does not (`protocol.md` §1.5). */
const spans = {
  taskLogs: { since: "19.09" },
  events: { since: "19.09" },
  apps: { since: "20.03" },
  match: { since: "20.03" },
  shutdownService: { since: "20.03" },
  createFromTemplate: { since: "20.03" },
  createCluster: { since: "20.09" },
  backgroundTasks: { since: "20.03" },
  rename: { since: "22.03" },
  startService: { since: "22.03" },
  commit: { since: "22.09" },
  abusingReport: { since: "22.09" },
  directAccess: { since: "22.09" },
  dependencies: { since: "22.03" },
  dependencyGraph: { since: "23.09" },
  imagify: { since: "24.03" },
  transitStatus: { since: "24.09" },
  idleChecks: { since: "22.09" },
  queuePosition: { since: "25.13" },
  statusHistory: { since: "25.10" },
  sessionsV2: { since: "26.4" },
  restart: { since: "19.03", until: "26.4.4" },
  folderFileRename: { since: "19.09" },
  folderFileMove: { since: "22.03" },
  folderTrash: { since: "24.03" },
  containerLogsByKernel: { since: "24.09" },
} as const satisfies Record<string, Span>;

/** A call that not every release has. */
export type Feature = keyof typeof spans;

/** Which of these calls a release has. */
export type Features = Readonly<Record<Feature, boolean>>;

/** The calls of manager release `manager`. */
export function featuresOf(manager: string): Features {
  const features = Object.entries(spans).map(([feature, span]: [string, Span]) => [
    feature,
    isWithin(manager, span),
  ]);
  return Object.fromEntries(features) as Features; // the same keys as `spans`, which `fromEntries` cannot say
}

function isWithin(manager: string, { since, until }: Span): boolean {
  return isReleaseAtLeast(manager, since) && !(until !== undefined && isReleaseAtLeast(manager, until));
}

/** What a feature needs, in words: `manager 22.03 or newer`, `a manager older than 26.4.4`. */
export function requirementOf(feature: Feature): string {
  const span: Span = spans[feature];
  return span.until !== undefined ? `a manager older than ${span.until}` : `manager ${span.since} or newer`;
}
