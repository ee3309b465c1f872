/** What the package has, and nothing else: paths in it, `*` for a part of a name. */
export const required = [
  "package.json",
  "readme.md",
  "changelog.md",
  "LICENSE.txt",
  "ThirdPartyNotices.txt",
  "dist/extension.cjs",
  "dist/rooms.cjs",
  "dist/part-*.cjs",
  "dist/engine.cjs",
  "dist/proxy.cjs",
  "dist/vendor/picomatch.cjs",
  "dist/vendor/ssh2.cjs",
  "dist/vendor/tar.cjs",
  "dist/vendor/undici.cjs",
  "dist/vendor/ws.cjs",
  "dist/vendor/xterm.cjs",
  "media/backendai.svg",
  "media/icon.png",
  "media/results/*",
  "media/runners/guardian.sh",
  "media/runners/node/*",
  "media/runners/python/*",
  "samples/hello.py",
  "media/schemas/session.schema.json",
] as const;

/** What it may have beside that: titles in other languages, and what pages of VS Code show. */
export const allowed = ["package.nls*.json", "l10n/*.json", "media/walkthrough/*"] as const;

/** Whether a path is of such a kind. */
export function matches(file: string, pattern: string): boolean {
  const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*(?:/[^/]+)*");
  return new RegExp(`^${source}$`).test(file);
}
