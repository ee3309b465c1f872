import * as vscode from "vscode";

/**
 * What `@vscode/l10n` is in the extension's bundle (`esbuild.mjs`): VS Code's own translations, which it has read before it loads
 * us. So plain files translate by a library that needs no VS Code, nothing has to be configured first, and texts that are made
 * while modules load are translated too.
 */
export const t: typeof vscode.l10n.t = vscode.l10n.t;
