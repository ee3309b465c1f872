import * as vscode from "vscode";

/** What VS Code's settings say about reaching servers (architecture.md, fact 3: undici does not read them by itself). */
export interface NetworkSettings {
  readonly proxy?: string;
  readonly tls: { readonly skipVerification: boolean };
}

/** The settings that apply to `endpoint`; read anew for each connection. Loopback never goes through a proxy. */
export function networkSettings(endpoint: string): NetworkSettings {
  const http = vscode.workspace.getConfiguration("http");
  const proxy = http.get<string>("proxy", "");
  const tls = { skipVerification: !http.get<boolean>("proxyStrictSSL", true) };
  return proxy === "" || isExempt(endpoint, http.get<string[]>("noProxy", [])) ? { tls } : { tls, proxy };
}

function isExempt(endpoint: string, noProxy: readonly string[]): boolean {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  const loopback = host === "localhost" || host === "[::1]" || /^127\./.test(host);
  return loopback || noProxy.some((entry) => host === entry || host.endsWith(entry.replace(/^\*?\.?/, ".")));
}
