import { readdirSync, readFileSync } from "node:fs";

/** A frame of a recorded websocket. */
export interface RecordedFrame {
  readonly isFromServer: boolean;
  readonly type: string;
  readonly data: Buffer;
  /** Of a close frame. */
  readonly code: number | undefined;
}

/** One recorded request and what came back. */
export interface Exchange {
  /** Release, file and number: `23.09/create.json #3`. */
  readonly title: string;
  readonly release: string;
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly reason: string;
  readonly responseHeaders: readonly (readonly [string, string])[];
  /** `undefined` when there was none, or the recording left it out for its size. */
  readonly body: Buffer | undefined;
  readonly frames: readonly RecordedFrame[] | undefined;
  /** Text of an event stream. */
  readonly stream: string | undefined;
}

const folder = new URL("../../golden/", import.meta.url);

type Headers = [string, string][] | Record<string, string>;

/** A file as it is: the releases before 26 and 26 itself have two shapes. */
interface RawFile {
  readonly exchanges: readonly Partial<RawExchange>[];
}
interface RawExchange {
  readonly request: {
    readonly line?: string;
    readonly method?: string;
    readonly path?: string;
    readonly headers: Headers;
  };
  readonly response: RawResponse;
  readonly frames?: readonly RawFrame[];
  readonly stream?: readonly { readonly raw_chunked?: string }[];
  readonly chunks?: readonly { readonly data?: string }[];
}
interface RawResponse {
  readonly line?: string;
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Headers;
  readonly body?: string | { readonly text?: string; readonly base64?: string };
  readonly body_base64?: string;
}
interface RawFrame {
  readonly dir?: string;
  readonly type?: string;
  readonly data?: string | { readonly code?: number };
  readonly text?: string;
  readonly base64?: string;
  readonly code?: number;
}

/** Everything that was recorded of one release. */
export function recordingsOf(release: string): Exchange[] {
  const names = readdirSync(new URL(`${release}/`, folder)).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => {
    const file = JSON.parse(readFileSync(new URL(`${release}/${name}`, folder), "utf8")) as RawFile;
    return file.exchanges.flatMap((raw, index) => {
      const title = `${release}/${name} #${index}`;
      return isWhole(raw) ? [exchange(title, release, raw)] : []; // the rest are remarks of the recorder
    });
  });
}

function isWhole(raw: Partial<RawExchange>): raw is RawExchange {
  return Boolean(raw.response) && (raw.request?.line ?? raw.request?.path) !== undefined;
}

function exchange(title: string, release: string, raw: RawExchange): Exchange {
  const line = raw.request.line ?? `${raw.request.method} ${raw.request.path}`;
  const [method = "", path = ""] = line.split(" ");
  const status = /^HTTP\/1.1 (\d+) ?(.*)$/.exec(raw.response.line ?? "");
  const headers = pairsOf(raw.request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    title,
    release,
    method,
    path,
    headers: Object.fromEntries(headers) as Record<string, string>,
    status: Number(status?.[1] ?? raw.response.status),
    reason: status?.[2] ?? raw.response.reason ?? "",
    responseHeaders: pairsOf(raw.response.headers),
    body: bodyOf(raw.response),
    frames: raw.frames?.filter(({ dir }) => dir !== undefined).map(frameOf),
    stream: streamOf(raw),
  };
}

function pairsOf(headers: Headers | undefined): [string, string][] {
  return Array.isArray(headers) ? headers : Object.entries(headers ?? {});
}

function bodyOf({ body, body_base64: outer }: RawResponse): Buffer | undefined {
  if (typeof body === "string") {
    return Buffer.from(body);
  }
  const base64 = outer ?? body?.base64;
  if (base64 !== undefined) {
    return Buffer.from(base64, "base64");
  }
  return body?.text === undefined ? undefined : Buffer.from(body.text);
}

function frameOf({ dir, type, data, text, base64, code }: RawFrame): RecordedFrame {
  const words = typeof data === "string" ? data : (text ?? "");
  return {
    isFromServer: dir?.toLowerCase() === "s>c",
    type: type ?? "",
    data: base64 === undefined ? Buffer.from(words) : Buffer.from(base64, "base64"),
    code: type === "close" ? (code ?? (typeof data === "object" ? data.code : undefined)) : undefined,
  };
}

function streamOf({ chunks, stream }: RawExchange): string | undefined {
  if (chunks) {
    return chunks.map(({ data }) => data ?? "").join("");
  }
  return stream && unchunked(stream.map(({ raw_chunked: chunk }) => chunk ?? "").join(""));
}

/** The content of a chunked body. */
function unchunked(raw: string): string {
  let text = "";
  let rest = raw;
  for (let head = /^([0-9a-f]+)\r\n/.exec(rest); head; head = /^([0-9a-f]+)\r\n/.exec(rest)) {
    const start = head[0].length;
    const length = Number.parseInt(head[1] ?? "0", 16);
    text += rest.slice(start, start + length);
    rest = rest.slice(start + length + 2);
  }
  return text;
}
