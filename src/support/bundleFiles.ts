import type { ArchiveFile } from "./archive/zip.js";
import { maskSecrets } from "../base/secrets/maskText.js";
import { maskPersonal, type Person } from "./maskPersonal.js";

/** Something that went wrong. */
export interface BundledProblem {
  readonly at: Date;
  readonly level: string;
  readonly message: string;
}

/** What a bundle is made of, as it is found. */
export interface BundleParts {
  readonly madeAt: Date;
  /** Versions of the extension, of VS Code and of the computer's system. */
  readonly versions: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The server in use: its kind, releases, what works there. */
  readonly server: Readonly<Record<string, unknown>>;
  /** Sessions by status, runs and transfers by outcome. */
  readonly counts: Readonly<Record<string, unknown>>;
  /** Names of variables that matter and are set. */
  readonly variables: readonly string[];
  readonly problems: readonly BundledProblem[];
  /** The extension's log; `undefined` where the host keeps none. */
  readonly log: string | undefined;
}

/** The files of a support bundle. Each is without secrets and without what tells who somebody is. */
export function bundleFiles(parts: BundleParts, person: Person): readonly ArchiveFile[] {
  const { madeAt, versions, settings, server, counts, variables, problems, log } = parts;
  const text = (whole: string): string => maskPersonal(whole, person);
  const json = (value: unknown): string =>
    `${JSON.stringify(maskedTexts(maskSecrets(value), text), undefined, 2)}\n`;
  return [
    { name: "README.txt", text: readme(madeAt, person) },
    { name: "versions.json", text: json(versions) },
    { name: "settings.json", text: json(settings) },
    { name: "server.json", text: json(server) },
    { name: "counts.json", text: json(counts) },
    { name: "variables.txt", text: text(`${[...variables].sort().join("\n")}\n`) },
    { name: "problems.txt", text: text(problems.map(problemLine).join("")) || "None.\n" },
    // for programs
    { name: "log.txt", text: text(log ?? "This VS Code keeps no log files.\n") },
  ];
}

/** A value with every text in it masked, names included; it stays the same otherwise. */
function maskedTexts(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") {
    return mask(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => maskedTexts(item, mask));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [mask(name), maskedTexts(inner, mask)]),
  );
}

function problemLine({ at, level, message }: BundledProblem): string {
  return `${at.toISOString()} ${level}: ${message}\n`;
}

function readme(madeAt: Date, { hosts }: Person): string {
  const servers = hosts.length > 0 ? ", and addresses of servers" : ""; // for programs: it goes to who helps
  return `Support bundle of "Backend.AI Sessions", made ${madeAt.toISOString()}.

versions.json   the extension, VS Code, the operating system
settings.json   settings of the extension that were changed
server.json     what kind of server was in use, its releases, what works there
counts.json     how many sessions, runs and transfers, by how they stand
variables.txt   names, not values, of environment variables that matter
problems.txt    the last errors and warnings
log.txt         the end of the extension's log in this window

Access keys, secret keys, passwords, tokens, cookies and headers that prove who calls are masked, and so are home folders, names of
users and e-mail addresses${servers}. Contents of files, what programs printed, and logs of sessions and language servers are
not in it. Names of sessions and files may be: look through it before you give it to others.
`;
}
