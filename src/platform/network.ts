import * as tls from "node:tls";
import * as vscode from "vscode";

/** What VS Code's settings say about reaching servers (architecture.md, fact 3: undici does not read them by itself). */
export interface NetworkSettings {
  /** With the name of the setting or of the variable that names it. */
  readonly proxy?: { readonly url: string; readonly source: string };
  readonly tls: { readonly skipVerification: boolean; readonly ca?: readonly string[] };
}

/**
 * The settings that apply to `endpoint`, read anew for each connection; where they name no proxy, the variables do that most
 * programs read (`HTTPS_PROXY`, `NO_PROXY` and the like). Loopback never goes through a proxy.
 */
export function networkSettings(endpoint: string): NetworkSettings {
  const http = vscode.workspace.getConfiguration("http");
  const ca = http.get<boolean>("systemCertificates", true) ? systemCertificates() : [];
  const security = {
    skipVerification: !http.get<boolean>("proxyStrictSSL", true),
    ...(ca.length === 0 ? {} : { ca }),
  };
  const setting = http.get<string>("proxy", "");
  const exempt = setting === "" ? listOf(variable("NO_PROXY") ?? "") : http.get<string[]>("noProxy", []);
  const proxy = setting === "" ? environmentProxy(endpoint) : { url: setting, source: "http.proxy" };
  return proxy === undefined || isExempt(endpoint, exempt) ? { tls: security } : { tls: security, proxy };
}

function environmentProxy(endpoint: string): NetworkSettings["proxy"] {
  const names = [endpoint.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY", "ALL_PROXY"];
  const source = names.find((name) => (variable(name) ?? "") !== "");
  return source === undefined ? undefined : { url: variable(source) ?? "", source };
}

/** Programs read these names in both cases. */
function variable(name: string): string | undefined {
  return process.env[name] ?? process.env[name.toLowerCase()];
}

function listOf(value: string): string[] {
  return value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** What the operating system trusts beside Node's own list; hosts whose Node is older than 22.15 can't tell. */
function systemCertificates(): readonly string[] {
  const { getCACertificates } = tls as {
    readonly getCACertificates?: (kind: "system") => readonly string[];
  };
  return getCACertificates?.("system") ?? [];
}

function isExempt(endpoint: string, noProxy: readonly string[]): boolean {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  const loopback = host === "localhost" || host === "[::1]" || /^127\./.test(host);
  return (
    loopback ||
    noProxy.some((entry) => entry === "*" || host === entry || host.endsWith(entry.replace(/^\*?\.?/, ".")))
  );
}
