/** An API version such as `v9.20250722`. */
export interface ApiVersion {
  readonly major: number;
  /** `YYYYMMDD` as a number. */
  readonly date: number;
}

/** Reads `v9.20250722`; `undefined` when it is anything else. */
export function parseApiVersion(text: string): ApiVersion | undefined {
  const match = /^v(\d+)\.(\d{8})$/.exec(text);
  return match ? { major: Number(match[1]), date: Number(match[2]) } : undefined;
}

/** Negative, zero or positive, as `a` is older than, the same as or newer than `b`. */
export function compareApiVersions(a: ApiVersion, b: ApiVersion): number {
  return a.major - b.major || a.date - b.date;
}

/** A manager release such as `24.09.14` as numbers; missing and non-numeric parts count as 0. */
export function parseRelease(text: string): readonly [year: number, month: number, patch: number] {
  const [year = 0, month = 0, patch = 0] = text.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return [year, month, patch];
}

/** Whether manager release `release` is `since` or newer, such as `isReleaseAtLeast("24.09.14", "24.03")`. */
export function isReleaseAtLeast(release: string, since: string): boolean {
  const a = parseRelease(release);
  const b = parseRelease(since);
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? 0;
    if (part !== other) {
      return part > other;
    }
  }
  return true;
}
