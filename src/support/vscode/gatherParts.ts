import os from "node:os";
import * as vscode from "vscode";
import { settingIds } from "../../platform/settingIds.js";
import type { BundleParts } from "../bundleFiles.js";
import type { SupportDeps } from "../index.js";
import { logTail } from "../logTail.js";
import { serverFacts } from "../serverFacts.js";

/** Newest bytes of the log that are taken. */
const logLimitBytes = 4_000_000;

/** Variables that decide how a server is reached, and how programs run. */
const telling =
  /^(BACKEND_|SORNA_|BACKENDAI_|(HTTPS?|NO|ALL|FTP)_PROXY$|NODE_|ELECTRON_|VSCODE_|SSL_CERT|SSH_(AUTH_SOCK|CONNECTION)$|REMOTE_CONTAINERS|CODESPACES|LANG$|LC_|TZ$|SHELL$|TERM$|PATH$|TMPDIR$|XDG_)/i;

/** Settings of VS Code that decide how a server is reached. Of a proxy only whether there is one. */
const networkSettings = [
  "http.proxyStrictSSL",
  "http.proxySupport",
  "http.systemCertificates",
  "http.noProxy",
];

/** Everything that a bundle tells, unmasked. */
export async function gatherParts(deps: SupportDeps): Promise<BundleParts> {
  const { account, store, tally, problems, logFolder, extensionVersion } = deps;
  return {
    madeAt: new Date(),
    versions: {
      extension: extensionVersion,
      vscode: vscode.version,
      application: vscode.env.appName,
      host: vscode.env.appHost,
      remote: vscode.env.remoteName ?? "none",
      node: process.version,
      system: {
        platform: process.platform,
        release: os.release(),
        version: os.version(),
        architecture: process.arch,
      },
      cpus: os.cpus().length,
      memoryGiB: Math.round(os.totalmem() / 2 ** 30),
      uptimeMinutes: Math.round(process.uptime() / 60),
      workspaceTrusted: vscode.workspace.isTrusted,
      folders: vscode.workspace.workspaceFolders?.length ?? 0,
    },
    settings: changedSettings(),
    server: { ...serverFacts(account.connection.state), added: account.profiles.profiles.length },
    counts: { sessions: sessionCounts(store), sessionsKnown: store.state.phase, ...tally.counts },
    variables: Object.keys(account.environment).filter((name) => telling.test(name)),
    problems: [...problems],
    log: await logTail(logFolder, "Backend.AI", logLimitBytes),
  };
}

function changedSettings(): Readonly<Record<string, unknown>> {
  const all = vscode.workspace.getConfiguration();
  const changed = [...settingIds, ...networkSettings].flatMap((id): [string, unknown][] => {
    const found = all.inspect(id);
    const { globalValue, workspaceValue, workspaceFolderValue } = found ?? {};
    const isChanged = [globalValue, workspaceValue, workspaceFolderValue].some(
      (value) => value !== undefined,
    );
    return isChanged ? [[id, all.get(id)]] : [];
  });
  return {
    ...Object.fromEntries(changed),
    "http.proxy": all.get<string>("http.proxy", "") === "" ? "none" : "set",
  };
}

function sessionCounts(store: SupportDeps["store"]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { status } of store.live()) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
