import { createHash } from "node:crypto";
import type { RunResults } from "../runResults.js";
import { escapeHtml } from "./escapeHtml.js";
import { renderRun } from "./renderRun.js";

/** The files that an exported page takes in: it needs no others. */
export interface ExportPageParts {
  readonly styles: string;
  /** Fits frames to what they hold (`media/results/frames.js`). */
  readonly script: string;
}

/** Runs as one page in one file, as the panel shows them; under the same rules, and with no network. */
export function exportPage(runs: readonly RunResults[], { styles, script }: ExportPageParts): string {
  const hash = createHash("sha256").update(script, "utf8").digest("base64");
  const policy = `default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const title = runs.map((run) => run.title).join(", ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<title>${escapeHtml(title)}</title>
<style>${styles}</style>
<script>${script}</script>
</head>
<body class="exported">
<main id="runs">
${runs.map((run) => renderRun(run, { hasActions: false })).join("\n")}
</main>
</body>
</html>
`;
}
