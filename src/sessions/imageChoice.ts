import type { SessionImage } from "../api/index.js";

/** The language runtime of an image, from its label; empty when it has none. */
export function runtimeOf(image: SessionImage): string {
  return image.runtimeType ?? "";
}

/**
 * Whether an image has what a language needs.
 * @param runtime The language's runtime; absent where any image will do.
 */
export function suits(image: SessionImage, runtime: string | undefined): boolean {
  return image.isInstalled && (runtime === undefined || runtimeOf(image) === runtime);
}

/** The image to start for a runtime: the one with the newest tag. Where any will do, Python's: every server has one. */
export function imageFor(
  images: readonly SessionImage[],
  runtime: string | undefined,
): SessionImage | undefined {
  const newestFirst = [...images].sort((a, b) =>
    b.reference.localeCompare(a.reference, "en", { numeric: true }),
  );
  const suitable = newestFirst.filter((image) => suits(image, runtime));
  return suitable.find((image) => runtimeOf(image) === (runtime ?? "python")) ?? suitable[0];
}

/** A session name that every server accepts (4–64 letters, digits, `_`, `.`, `-`), such as `python-3fa8`. */
export function sessionNameFor(runtime: string, suffix: string): string {
  const base = runtime.toLowerCase().replace(/[^\w-]/g, "") || "session";
  return `${base}-${suffix}`.slice(0, 64);
}
