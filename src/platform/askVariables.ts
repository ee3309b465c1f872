import * as l10n from "@vscode/l10n";
import { showInputBox } from "./shown/inputBox.js";

/**
 * Asks for values of variables that were not kept, as they are secrets.
 * @throws an `AbortError` when the person closes a question.
 */
export async function askVariables(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const values: [string, string][] = [];
  for (const name of names) {
    const value = await showInputBox({
      title: l10n.t("Value of {0}", name),
      prompt: l10n.t("It is taken for a secret, so that it was not kept."),
      password: true,
      ignoreFocusOut: true,
    });
    if (value === undefined) {
      throw new DOMException("The question was closed.", "AbortError"); // for programs
    }
    values.push([name, value]);
  }
  return Object.fromEntries(values);
}
