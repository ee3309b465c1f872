import type { Call } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import { json, problem, type Reply } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import { problemPrefix } from "../../../wire/problem.js";
import type { EngineParts } from "../../routes/engineParts.js";
import { isLogin } from "../authRoutes.js";
import { encodedBody, isEncoded } from "./encodedBody.js";
import { endedCookie } from "./webSessions.js";

/** Headers that the web server puts on its own answers. */
const webHeaders = {
  "Content-Security-Policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; form-action 'self';",
  "X-Content-Type-Options": "nosniff",
};

/** The web server: `/server/*` and its own answers below `/func` (`protocol.md` §2.4). */
export function webRoutes(parts: EngineParts): Route[] {
  const { era, webSessions } = parts;
  const { apiVersion, manager } = era.dialect;
  const hello = { version: apiVersion, manager };
  const routes: Route[] = [
    { method: "GET", path: "/func/", handle: () => json(hello) },
    { method: "GET", path: "/func", handle: () => json(hello) },
    { method: "GET", path: "/func/ping", handle: () => json({ version: manager, details: "web server" }) },
    { method: "POST", path: "/server/login", handle: (call) => login(call, parts) },
    {
      method: "POST",
      path: "/server/login-check",
      handle: (call) => {
        const id = webSessions.loginOf(call.request.headers) ?? null;
        return json(
          { authenticated: id !== null, data: id && loginData(parts), session_id: id },
          200,
          webHeaders,
        );
      },
    },
    { method: "POST", path: "/server/logout", handle: (call) => logout(call, parts) },
  ];
  const extendLogin = (call: Call): Reply => {
    if (!era.rules.auth.extendsLogins) {
      throw new Refusal("method-not-allowed"); // recorded on 23.09
    }
    return extend(call, parts);
  };
  return [...routes, { method: "POST", path: "/server/extend-login-session", handle: extendLogin }];
}

async function login(call: Call, parts: EngineParts): Promise<Reply> {
  const { account, webSessions, loginGuard: guard, era } = parts;
  if (webSessions.isLoggedIn(call.request.headers)) {
    return refused(400, "generic-bad-request", "You have already logged in.");
  }
  const body = await (isEncoded(call) ? encodedBody(call) : call.body());
  for (const field of ["username", "password"] as const) {
    if (typeof body[field] !== "string" || body[field] === "") {
      return refused(
        400,
        "invalid-api-params",
        `You must provide the ${field} field.`,
        freshLogin(parts, false),
      );
    }
  }
  if (guard.isBlocked) {
    return refused(429, "too-many-requests", "Too many failed login attempts");
  }
  const isRight = isLogin(account, String(body["username"]), String(body["password"]));
  const headers = { ...webHeaders, ...freshLogin(parts, isRight) };
  if (isRight) {
    guard.succeeded();
    return json({ authenticated: true, data: loginData(parts) }, 200, headers);
  }
  guard.failed();
  const data = {
    type: `${problemPrefix}auth-failed`,
    title: "Credential/signature mismatch.",
    details: "User credential mismatch.",
  };
  return json({ authenticated: false, data }, era.rules.auth.loginFailureStatus, headers);
}

function loginData({ account }: EngineParts): Record<string, string> {
  return { access_key: account.accessKey, role: "user", status: "active" };
}

function freshLogin({ webSessions }: EngineParts, authenticated: boolean): Record<string, string> {
  const id = webSessions.create(authenticated);
  return { "X-BackendAI-SessionID": id, "Set-Cookie": webSessions.cookie(id) };
}

function logout(call: Call, { webSessions, era }: EngineParts): Reply {
  webSessions.end(webSessions.loginOf(call.request.headers) ?? "");
  const status = era.rules.auth.logoutStatus;
  return {
    status,
    headers: { ...webHeaders, "Content-Type": "text/plain; charset=utf-8", "Set-Cookie": endedCookie },
    body: status === 200 ? "200: OK" : "201: Created",
  };
}

function extend(call: Call, { webSessions }: EngineParts): Reply {
  const id = webSessions.loginOf(call.request.headers);
  if (id === undefined) {
    return refused(401, "auth-failed", "Unauthorized access");
  }
  webSessions.extend(id);
  const expires = `${webSessions.expiry().toISOString().slice(0, 19)}+00:00`;
  return json({ status: 201, expires }, 200, { ...webHeaders, "Set-Cookie": webSessions.cookie(id) });
}

function refused(
  status: number,
  slug: string,
  title: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return problem({ type: problemPrefix + slug, title }, status, { ...webHeaders, ...headers });
}
