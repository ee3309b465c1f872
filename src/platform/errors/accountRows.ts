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

const inWebInterface = "in the server's web interface, then sign in here.";

/** What a login lacks, and what helps. */
const loginNeeds: Readonly<Record<LoginNeed, { readonly summary: string; readonly detail?: string }>> = {
  password: {
    summary: "The e-mail address or the password is wrong.",
    detail: "Servers say the same of accounts that are not active: if you are sure, ask an administrator.",
  },
  otp: { summary: "The server wants a one-time code beside the password." },
  "otp-again": {
    summary: "The one-time code is wrong, or too old.",
    detail: "Take the one that your authenticator app shows now; its clock must be right.",
  },
  "otp-registration": {
    summary: "This server wants one-time codes, and none are set up for you.",
    detail: `Set them up ${inWebInterface}`,
  },
  "password-change": {
    summary: "Your password has expired.",
    detail: `Change it ${inWebInterface}`,
  },
  "email-verification": {
    summary: "Your e-mail address is not verified yet.",
    detail: "Follow the link in the server's e-mail, then sign in here.",
  },
  keypair: {
    summary: "Your account has no active keypair on this server.",
    detail: "Ask an administrator to give you one.",
  },
  "fewer-logins": {
    summary: "You are logged in elsewhere as often as this server allows.",
    detail: "Sign in again to end the oldest of these logins.",
  },
  other: { summary: "The server refused the login." },
};

/** Who somebody is to a server, and what they may do there. */
export const accountRows: readonly Row[] = [
  on(ClockSkewError, (error) => ({
    summary:
      `The clocks differ by more than the ${limits.clockSkewMs / 60_000} minutes that the server allows: ` +
      `here it is ${clock(error.clientTime)}, on the server ${clock(error.serverTime)}.`,
    detail: "Set this computer's clock, then connect again.",
    actions: ["reconnect"],
  })),
  on(SignedOutError, (error) => ({
    summary: error.message,
    detail: error.reason === "never" ? "Sign in to go on." : "Sign in again to go on.",
    actions: ["signIn", "chooseServer"],
  })),
  on(LoginError, ({ needs, words: said }) => {
    const isTold = needs === "other" && said !== undefined;
    return {
      ...loginNeeds[needs],
      ...(isTold ? { summary: `The server refused the login: ${maskText(said).replace(/\.$/, "")}.` } : {}),
      actions: ["signIn", "showLog"],
    };
  }),
  on(LoginBlockedError, () => ({
    summary: "Too many logins failed: the server takes none from you for a while, not even right ones.",
    detail: "Wait, 20 minutes as servers are set up, then sign in again.",
    actions: ["signIn", "showLog"],
  })),
  on(UnauthorizedError, (error) => ({
    summary: `The server refused the keys: ${words(error)}.`,
    detail: "Check the access key and the secret key, or choose another server.",
    actions: ["chooseServer", "showLog"],
  })),
  on(GroupNotFoundError, (error) => ({
    summary: `The group (project) that sessions are started for is not yours here: ${words(error)}.`,
    detail: "Choose one of your groups, then try again.",
    actions: ["chooseGroup", "showLog"],
  })),
  on(QuotaExceededError, (error) => ({
    summary: `A limit of your account is reached: ${words(error)}.`,
    detail: "Destroy a session that you no longer need, then try again.",
    actions: ["showSessions", "showLog"],
  })),
  on(RateLimitedError, ({ limit }) => ({
    summary:
      limit === undefined
        ? "The server takes no more requests from this key for a while."
        : `The server takes no more requests from this key for a while: it allows ${limit.toLocaleString()} in 15 minutes.`,
    detail: "It was tried again for some seconds. Wait some minutes, then try again.",
    actions: ["showLog"],
  })),
  on(ServerFrozenError, () => ({
    summary: "The server is in maintenance: it starts and changes nothing for now.",
    detail: "Sessions that run go on. Try again later, or choose another server.",
    actions: ["chooseServer", "showLog"],
  })),
  on(GatewayError, (error) => ({
    summary: `The server is not ready: what answers at its address does not reach it (${error.status}).`,
    detail: "It may be starting. Connect again in a minute.",
    actions: ["reconnect", "showLog"],
  })),
];

function clock(time: Date | undefined): string {
  return time === undefined ? "another time" : time.toLocaleString();
}
