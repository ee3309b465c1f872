import * as l10n from "@vscode/l10n";
import { escapeHtml } from "./escapeHtml.js";

/** What the page of the panel is made of. */
export interface PanelPageParts {
  /** The source that VS Code serves the page's own files from. */
  readonly cspSource: string;
  /** Unguessable, new for each page. */
  readonly nonce: string;
  readonly styles: string;
  readonly scripts: readonly string[];
}

/**
 * The empty page of the panel. Its policy holds for the frames in it as well: no network, no script but ours, and frames
 * can't be led anywhere.
 */
export function panelPage({ cspSource, nonce, styles, scripts }: PanelPageParts): string {
  // for programs
  const policy = [
    "default-src 'none'",
    "img-src data:", // for programs
    "font-src data:", // for programs
    `style-src ${cspSource} 'unsafe-inline'`, // frames inherit it, and tables bring their own styles
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  // for programs
  const tags = scripts.map((address) => `<script nonce="${nonce}" src="${escapeHtml(address)}"></script>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<link rel="stylesheet" href="${escapeHtml(styles)}">
<title>${escapeHtml(l10n.t("Backend.AI Results"))}</title>
</head>
<body>
<main id="runs" aria-live="polite" data-copied="${escapeHtml(l10n.t("Copied"))}"></main>
<p id="empty">${escapeHtml(l10n.t("No results yet. Pictures, tables and other rich output of your runs appear here."))}</p>
<footer id="footer"></footer>
${tags.join("\n")}
</body>
</html>`;
}
