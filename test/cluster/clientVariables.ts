import type { Release } from "./releases.js";
import { managerUrl, webUrl } from "./steps/servers.js";
import { pythonImage } from "./steps/sessionImages.js";

/** Names of the variables. */
type ClientVariable =
  | "BACKEND_ENDPOINT"
  | "BACKEND_ENDPOINT_TYPE"
  | "BACKEND_ACCESS_KEY"
  | "BACKEND_SECRET_KEY"
  | "BACKEND_WEB_ENDPOINT"
  | "BACKEND_WEB_USER"
  | "BACKEND_WEB_PASSWORD"
  | "CONFORMANCE_PYTHON_IMAGE";

/** What a client of a cluster needs to know, as environment variables. The account is one of the examples that every release ships. */
export function clientVariables(release: Release): Readonly<Record<ClientVariable, string>> {
  return {
    BACKEND_ENDPOINT: managerUrl(release),
    BACKEND_ENDPOINT_TYPE: "api",
    BACKEND_ACCESS_KEY: "AKIANABBDUSEREXAMPLE",
    BACKEND_SECRET_KEY: "C8qnIo29EZvXkPK_MXcuAakYTy4NYrxwmCEyNPlf",
    BACKEND_WEB_ENDPOINT: webUrl(release),
    BACKEND_WEB_USER: "user@lablup.com",
    BACKEND_WEB_PASSWORD: "C8qnIo29",
    CONFORMANCE_PYTHON_IMAGE: pythonImage,
  };
}
