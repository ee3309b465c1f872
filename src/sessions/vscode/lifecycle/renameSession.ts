import * as l10n from "@vscode/l10n";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import type { SessionSummary } from "../../../api/index.js";
import { UnsupportedError } from "../../../base/errors.js";
import { requirementOf } from "../../../wire/features.js";
import { problemOfNewName } from "../../lifecycle/sessionName.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

/**
 * Asks for another name and gives it to the session. Terminals go on, as they know it by its id; so do open files and folders, whose
 * addresses have the old name.
 * @throws {UnsupportedError} where the server's release can't rename.
 */
export async function renameSession(
  { account, store, feed, formerNames }: LifecycleDeps,
  session: SessionSummary,
  /** `given` may have the name: `{ name }`. */
  { given, signal }: { readonly given: unknown; readonly signal: AbortSignal },
): Promise<void> {
  const client = await account.client(signal);
  const { can, manager } = client.dialect;
  if (!can.rename) {
    throw new UnsupportedError("Renaming a session", requirementOf("rename"), `manager ${manager}`);
  }
  const others = store.snapshot.sessions.filter(({ id }) => id !== session.id);
  const taken = new Set(others.map(({ name }) => name));
  const name = nameIn(given) ?? (await askName(session, taken));
  if (name === undefined || name === session.name) {
    return;
  }
  await client.sessions.rename(session.id, name, { signal });
  await formerNames.add(session.name, session.id);
  await feed.refresh(signal);
}

function askName({ name }: SessionSummary, taken: ReadonlySet<string>): Thenable<string | undefined> {
  return showInputBox({
    title: l10n.t("Rename Session {0}", name),
    prompt: l10n.t(
      "4 to 64 letters, digits, “_”, “.” and “-”. Open files and terminals of the session go on.",
    ),
    value: name,
    validateInput: (text) => problemOfNewName(text, taken),
  });
}

function nameIn(given: unknown): string | undefined {
  return typeof given === "object" && given !== null && "name" in given && typeof given.name === "string"
    ? given.name
    : undefined;
}
