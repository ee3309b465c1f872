import type { ApiError, LoginNeed, Refusal } from "../errors.js";
import { LoginError } from "../errors.js";

/**
 * What would help who is not let in, by the server's slug and words (`protocol.md` §2.3, §2.4). Servers say the same of a wrong
 * password and of an account that is not active.
 */
export function loginNeedOf(slug: string, words: string): LoginNeed {
  switch (slug) {
    case "require-totp-registration":
      return "otp-registration";
    case "require-totp-authentication":
      return "otp";
    case "password-expired":
      return "password-change";
    case "active-login-session-exists":
      return "fewer-logins";
  }
  if (/\bT?OTP\b/i.test(words)) {
    return /not provided/i.test(words) ? "otp" : "otp-again";
  }
  if (/verification/i.test(words)) {
    return "email-verification";
  }
  if (/no API keypairs/i.test(words)) {
    return "keypair";
  }
  return slug === "auth-failed" || slug === "" ? "password" : "other";
}

/** Refusals of a manager's `/auth/authorize` that are about the person; `undefined` for any other. */
export function loginErrorOf(error: ApiError): LoginError | undefined {
  const { status, method, path, problem, body, slug = "", serverMessage } = error;
  const isOfPerson = status === 401 || ["rejected-by-hook", "active-login-session-exists"].includes(slug);
  const refusal: Refusal = { status, method, path, problem, body, cause: error };
  return isOfPerson
    ? new LoginError(loginNeedOf(slug, serverMessage ?? ""), refusal, serverMessage)
    : undefined;
}
