import * as l10n from "@vscode/l10n";
import { CertificateError } from "../../../api/errors.js";
import { describeError } from "../../../platform/describeError.js";
import type { Asker } from "../../../platform/steps.js";
import { showOpenDialog } from "../../../platform/shown/dialogs.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import { hostOf, type Profile } from "../../profiles/profile.js";

/** What makes a server be trusted. */
type Trust = Partial<Pick<Profile, "caFile" | "skipVerification">>;

/** Whether a server was not trusted for its certificate, which a file or the person's word can mend. */
export function isUntrusted(error: unknown): error is CertificateError {
  return error instanceof CertificateError;
}

/**
 * Asks what to do about a certificate that nobody here knows: a file with its authority's certificate, any certificate at all,
 * or another address.
 * @returns `undefined` for another address.
 */
export async function askTrust(
  ask: Asker,
  profile: Profile,
  error: CertificateError,
): Promise<Trust | undefined> {
  const items = [
    {
      icon: "file",
      label: l10n.t("Choose a Certificate File…"),
      detail: l10n.t(
        "A file (PEM) with the certificate of its authority, as the administrator gives it out.",
      ),
      way: "file",
    },
    {
      icon: "warning",
      label: l10n.t("Accept Any Certificate…"),
      detail: l10n.t(
        "Whoever is between you and the server can read and change everything, your keys included.",
      ),
      way: "any",
    },
    { icon: "edit", label: l10n.t("Change the Address"), way: "address" },
  ] as const;
  for (;;) {
    const { way } = await ask.pick({ placeHolder: describeError(error).summary, items });
    if (way === "address") {
      return undefined;
    }
    const trust = way === "file" ? await chosenFile() : await confirmedAny(profile);
    if (trust !== undefined) {
      return trust;
    }
  }
}

async function chosenFile(): Promise<Trust | undefined> {
  const files = await showOpenDialog({
    title: l10n.t("Certificate of the Server's Authority"),
    openLabel: l10n.t("Trust"),
    canSelectMany: false,
    filters: { [l10n.t("Certificates")]: ["pem", "crt", "cer"], [l10n.t("All Files")]: ["*"] },
  });
  const file = files?.[0];
  return file === undefined ? undefined : { caFile: file.fsPath };
}

/** Somebody has to say so twice: it is dangerous, and it lasts. */
export async function confirmedAny({ endpoints }: Profile): Promise<Trust | undefined> {
  const hosts = endpoints.map(hostOf).join(", ");
  const question = l10n.t("Accept any certificate of {0}?", hosts);
  const detail = l10n.t(
    "Whoever is between you and the server can read and change everything: keys, files, programs. Do it only for servers of your own, in networks of your own. It is told in the status bar, and can be taken back in the setting backendai.servers (skipVerification).",
  );
  const options = { modal: true, detail };
  const answer = await showWarningMessage(question, options, l10n.t("Accept Any Certificate"));
  return answer === undefined ? undefined : { skipVerification: true };
}
