import * as l10n from "@vscode/l10n";
import {
  ClockSkewError,
  GatewayError,
  GroupNotFoundError,
  LoginBlockedError,
  LoginError,
  type LoginNeed,
  QuotaExceededError,
  RateLimitedError,
  ServerFrozenError,
  UnauthorizedError,
} from "../../api/errors.js";
import { SignedOutError } from "../../base/errors.js";
import { maskText } from "../../base/secrets/maskText.js";
import { limits } from "../../wire/limits.js";
import { on, type Row, words } from "./errorRow.js";
import { shownMessage } from "./shownMessage.js";

/** What a login lacks, and what helps. */
const loginNeeds: Readonly<Record<LoginNeed, { readonly summary: string; readonly detail?: string }>> = {
  password: {
    summary: l10n.t("The e-mail address or the password is wrong."),
    detail: l10n.t(
      "Servers say the same of accounts that are not active: if you are sure, ask an administrator.",
    ),
  },
  otp: { summary: l10n.t("The server wants a one-time code beside the password.") },
  "otp-again": {
    summary: l10n.t("The one-time code is wrong, or too old."),
    detail: l10n.t("Take the one that your authenticator app shows now; its clock must be right."),
  },
  "otp-registration": {
    summary: l10n.t("This server wants one-time codes, and none are set up for you."),
    detail: l10n.t("Set them up in the server's web interface, then sign in here."),
  },
  "password-change": {
    summary: l10n.t("Your password has expired."),
    detail: l10n.t("Change it in the server's web interface, then sign in here."),
  },
  "email-verification": {
    summary: l10n.t("Your e-mail address is not verified yet."),
    detail: l10n.t("Follow the link in the server's e-mail, then sign in here."),
  },
  keypair: {
    summary: l10n.t("Your account has no active keypair on this server."),
    detail: l10n.t("Ask an administrator to give you one."),
  },
  "fewer-logins": {
    summary: l10n.t("You are logged in elsewhere as often as this server allows."),
    detail: l10n.t("Sign in again to end the oldest of these logins."),
  },
  other: { summary: l10n.t("The server refused the login.") },
};

/** Who somebody is to a server, and what they may do there. */
export const accountRows: readonly Row[] = [
  on(ClockSkewError, (error) => ({
    summary: l10n.t(
      "The clocks differ by more than the {0} minutes that the server allows: here it is {1}, on the server {2}.",
      limits.clockSkewMs / 60_000,
      clock(error.clientTime),
      clock(error.serverTime),
    ),
    detail: l10n.t("Set this computer's clock, then connect again."),
    actions: ["reconnect"],
  })),
  on(SignedOutError, (error) => ({
    summary: shownMessage(error),
    detail: error.reason === "never" ? l10n.t("Sign in to go on.") : l10n.t("Sign in again to go on."),
    actions: ["signIn", "chooseServer"],
  })),
  on(LoginError, ({ needs, words: said }) => {
    const isTold = needs === "other" && said !== undefined;
    return {
      ...loginNeeds[needs],
      ...(isTold
        ? { summary: l10n.t("The server refused the login: {0}.", maskText(said).replace(/\.$/, "")) }
        : {}),
      actions: ["signIn", "showLog"],
    };
  }),
  on(LoginBlockedError, () => ({
    summary: l10n.t(
      "Too many logins failed: the server takes none from you for a while, not even right ones.",
    ),
    detail: l10n.t("Wait, 20 minutes as servers are set up, then sign in again."),
    actions: ["signIn", "showLog"],
  })),
  on(UnauthorizedError, (error) => ({
    summary: l10n.t("The server refused the keys: {0}.", words(error)),
    detail: l10n.t("Check the access key and the secret key, or choose another server."),
    actions: ["chooseServer", "showLog"],
  })),
  on(GroupNotFoundError, (error) => ({
    summary: l10n.t(
      "The group (project) that sessions are started for is not yours here: {0}.",
      words(error),
    ),
    detail: l10n.t("Choose one of your groups, then try again."),
    actions: ["chooseGroup", "showLog"],
  })),
  on(QuotaExceededError, (error) => ({
    summary: l10n.t("A limit of your account is reached: {0}.", words(error)),
    detail: l10n.t("Destroy a session that you no longer need, then try again."),
    actions: ["showSessions", "showLog"],
  })),
  on(RateLimitedError, ({ limit }) => ({
    summary:
      limit === undefined
        ? l10n.t("The server takes no more requests from this key for a while.")
        : l10n.t(
            "The server takes no more requests from this key for a while: it allows {0} in 15 minutes.",
            limit.toLocaleString(),
          ),
    detail: l10n.t("It was tried again for some seconds. Wait some minutes, then try again."),
    actions: ["showLog"],
  })),
  on(ServerFrozenError, () => ({
    summary: l10n.t("The server is in maintenance: it starts and changes nothing for now."),
    detail: l10n.t("Sessions that run go on. Try again later, or choose another server."),
    actions: ["chooseServer", "showLog"],
  })),
  on(GatewayError, (error) => ({
    summary: l10n.t(
      "The server is not ready: what answers at its address does not reach it ({0}).",
      error.status,
    ),
    detail: l10n.t("It may be starting. Connect again in a minute."),
    actions: ["reconnect", "showLog"],
  })),
];

function clock(time: Date | undefined): string {
  return time === undefined ? l10n.t("another time") : time.toLocaleString();
}
