/** The file name that a part of an upload carries. */
export interface PartName {
  readonly name: string;
  /** `extended`: from `filename*=`; `quoted`: from `filename="…"`. Servers treat absolute names of the two differently. */
  readonly form: "extended" | "quoted";
}

/** Reads a `Content-Disposition` header; `undefined` when it names no file. */
export function partName(disposition: string): PartName | undefined {
  const extended = /;\s*filename\*=(?:utf-8|UTF-8)''([^;\s]+)/.exec(disposition)?.[1];
  if (extended !== undefined) {
    return { name: percentDecoded(extended), form: "extended" };
  }
  const quoted = /;\s*filename="((?:\\.|[^"\\])*)"/.exec(disposition)?.[1];
  const name = quoted?.replaceAll(/\\(.)/g, "$1") ?? /;\s*filename=([^;"\s]+)/.exec(disposition)?.[1];
  return name === undefined ? undefined : { name: percentDecoded(name), form: "quoted" };
}

/** Clients percent-encode names in quotes as well; what is no encoding stays as it is. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
