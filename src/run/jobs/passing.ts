import { BackendAIError } from "../../base/errors.js";

const passing = ["NETWORK", "TIMEOUT", "STREAM_CLOSED", "SERVER", "SESSION_NOT_READY", "RATE_LIMITED"];

/** Whether what failed so may work again by itself. */
export function isPassing(error: unknown): boolean {
  return error instanceof BackendAIError && passing.includes(error.code);
}
