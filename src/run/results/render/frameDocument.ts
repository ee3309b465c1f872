/**
 * What HTML output may do in its frame: be drawn, with styles and pictures of its own. No script, no network. The frame's
 * sandbox forbids scripts too: two walls, since the programs that make the HTML are nobody's in particular.
 */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "font-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Looks of the theme for what the HTML leaves open: `:where` lets every rule of its own win. The page sets the variables. */
const style = `
:root { color-scheme: var(--scheme, light); }
:where(html) { background: transparent; color: var(--text, #1f1f1f); font: 13px/1.45 var(--font, system-ui, sans-serif); }
:where(body) { margin: 0; padding: 1px; }
:where(a) { color: var(--link, #005fb8); }
:where(pre, code) { font-family: var(--mono, monospace); }
:where(table) { border-collapse: collapse; border: 0; font-variant-numeric: tabular-nums; }
:where(th, td) { padding: 4px 10px; border: 0; border-bottom: 1px solid var(--line, #d5d5d5); }
:where(table.dataframe th, table.dataframe td) { text-align: right; white-space: nowrap; }
:where(thead th) { border-bottom: 2px solid var(--line, #d5d5d5); }
:where(tbody tr:hover) { background: var(--hover, #00000010); }
`;

/**
 * Elements that reach out without any script: `meta` reloads, `link` opens connections that no policy forbids, `base` bends
 * addresses, `object` and its kind load. Under another name they mean nothing.
 */
const reaching = /<(?=(?:link|meta|base|object|embed|iframe|frame|frameset|portal|applet)[\s/>])/gi;

/** HTML output as the document of its frame (`srcdoc`), under a policy that comes before all of it. */
export function frameDocument(html: string): string {
  return (
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<meta http-equiv="x-dns-prefetch-control" content="off"><style>${style}</style>${html.replaceAll(reaching, "<x-")}`
  );
}

/** Whether the HTML has scripts, which its frame leaves out. */
export function hasScripts(html: string): boolean {
  return /<script[\s/>]/i.test(html);
}
