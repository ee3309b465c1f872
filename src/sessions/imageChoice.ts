import type { SessionImage } from "../api/index.js";

/** The language runtime of an image, from its label; empty when it has none. */
export function runtimeOf(image: SessionImage): string {
  return image.runtimeType ?? "";
}

/** The image to start for a runtime: the one with the newest tag among those that the server can start. */
export function imageFor(images: readonly SessionImage[], runtime: string): SessionImage | undefined {
  return images
    .filter((image) => image.isInstalled && runtimeOf(image) === runtime)
    .sort((a, b) => b.reference.localeCompare(a.reference, "en", { numeric: true }))[0];
}

/** A session name that every server accepts (4–64 letters, digits, `_`, `.`, `-`), such as `python-3fa8`. */
export function sessionNameFor(runtime: string, suffix: string): string {
  const base = runtime.toLowerCase().replace(/[^\w-]/g, "") || "session";
  return `${base}-${suffix}`.slice(0, 64);
}
