/** What the page of the panel may say. */
export type PageMessage =
  /** It is new and shows nothing. */
  | { readonly type: "ready" }
  | { readonly type: "save"; readonly run: number; readonly item: number }
  | { readonly type: "export"; readonly run: number }
  | { readonly type: "copyFailed" }
  /** A link in HTML output was clicked; `http` or `https`. */
  | { readonly type: "link"; readonly address: string };

/** Reads a message of the page; `undefined` for what is none. The page is ours, but shows what is not. */
export function parsePageMessage(value: unknown): PageMessage | undefined {
  const fields = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const type: unknown = fields.get("type");
  const [run, item] = numbersOf(fields.get("key"));
  const address = addressOf(fields.get("address"));
  switch (type) {
    case "ready":
    case "copyFailed":
      return { type };
    case "save":
      return run !== undefined && item !== undefined ? { type, run, item } : undefined;
    case "export":
      return run !== undefined ? { type, run } : undefined;
    case "link":
      return address !== undefined ? { type, address } : undefined;
    default:
      return undefined;
  }
}

/** `r3.5` is item 5 of run 3, `r3` or `r3.head` the run itself. */
function numbersOf(key: unknown): [run?: number, item?: number] {
  const match = typeof key === "string" ? /^r(\d{1,9})(?:\.(\d{1,9}|[a-z]+))?$/.exec(key) : null;
  if (match === null) {
    return [];
  }
  const item = Number(match[2]);
  return Number.isInteger(item) ? [Number(match[1]), item] : [Number(match[1])];
}

function addressOf(address: unknown): string | undefined {
  const isWeb = typeof address === "string" && address.length < 8000 && URL.canParse(address);
  return isWeb && /^https?:$/.test(new URL(address).protocol) ? address : undefined;
}
