import * as l10n from "@vscode/l10n";
import { UnsafePathError } from "../../api/errors.js";
import { nameProblem } from "../fileNames.js";

/** Names that mean a device on Windows, with any ending. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i;

/** What no name may have on Windows: separators, drives, streams, wildcards, control characters. */
const forbidden = /[<>:"/\\|?*\u0000-\u001f]/;

/**
 * Refuses a name that would not be a plain file in its folder on this computer.
 * @throws {UnsafePathError}
 */
export function checkLocalName(name: string, platform: NodeJS.Platform): void {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    throw new UnsafePathError(name, l10n.t("can't be a name on this computer"));
  }
  if (platform !== "win32") {
    return;
  }
  if (devices.test(name)) {
    throw new UnsafePathError(name, l10n.t("means a device on this computer"));
  }
  if (forbidden.test(name) || /[. ]$/.test(name)) {
    throw new UnsafePathError(name, l10n.t("has characters that names on this computer can't have"));
  }
}

/** What names have in common that mean the same file on this computer's usual file system. */
export function localKeyOf(name: string, platform: NodeJS.Platform): string {
  switch (platform) {
    case "win32":
      return name.toLowerCase();
    case "darwin":
      return name.normalize("NFC").toLowerCase();
    default:
      return name;
  }
}
