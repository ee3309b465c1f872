const dataUrl = /^data:([^;,]*)((?:;[^;,]*)*),/;

/**
 * The bytes of a medium as servers send it: a data URL, or the text itself. `undefined` where it says that it is a data URL
 * and is none.
 */
export function mediaData(data: string): Uint8Array | undefined {
  if (!data.startsWith("data:")) {
    return new TextEncoder().encode(data);
  }
  const head = dataUrl.exec(data);
  if (head === null) {
    return undefined;
  }
  const body = data.slice(head[0].length);
  if (head[2]?.endsWith(";base64") === true) {
    return Buffer.from(body, "base64");
  }
  try {
    return new TextEncoder().encode(decodeURIComponent(body));
  } catch {
    return undefined;
  }
}
