import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../base/errors.js";

/**
 * Finds `media/runners`: beside the bundle (`dist/engine.cjs`) as it ships, or above the sources.
 * @throws {ConfigurationError} when it is not there.
 */
export function findRunnersDir(from: string = import.meta.url): string {
  const here = path.dirname(fileURLToPath(from));
  for (let directory = here; ; directory = path.dirname(directory)) {
    const candidate = path.join(directory, "media", "runners");
    if (existsSync(candidate)) {
      return candidate;
    }
    if (directory === path.dirname(directory)) {
      throw new ConfigurationError(
        "runnersDir",
        "The engine's language runners (media/runners) are missing.",
      );
    }
  }
}
