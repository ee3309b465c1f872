import type { RunningServer } from "../server/codeServer.js";

/** What a page of a server shows. */
export interface PageContent {
  /** Folder to open. */
  readonly folder: string;
  /** File that an editor shows from the start. */
  readonly file?: string | undefined;
  /** Extension to load from source; needs a server with `automation`. */
  readonly developmentPath?: string | undefined;
  /** Module whose `run()` the extension host calls; needs a server with `automation`. */
  readonly testsPath?: string | undefined;
}

/** The address of a VS Code page. The page takes one `developmentPath` only: of a repeated key the last one wins. */
export function pageAddress(
  server: Pick<RunningServer, "url" | "authority">,
  { folder, file, developmentPath, testsPath }: PageContent,
): string {
  const remote = (file: string): string => `vscode-remote://${server.authority}${file}`;
  const payload = [["skipWelcome", "true"]];
  if (developmentPath !== undefined) {
    payload.push(["extensionDevelopmentPath", remote(developmentPath)]);
  }
  if (testsPath !== undefined) {
    payload.push(["extensionTestsPath", remote(testsPath)]);
  }
  if (file !== undefined) {
    payload.push(["openFile", remote(file)]);
  }
  // Without a development path the payload would only spoil an address that a person reads.
  const query = payload.length > 1 ? { folder, payload: JSON.stringify(payload) } : { folder };
  return `${server.url}/?${new URLSearchParams(query).toString()}`;
}
