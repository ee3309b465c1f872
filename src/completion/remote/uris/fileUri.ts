/** The `file:` address of an absolute path of a session, as language servers write it: every odd character encoded. */
export function fileUriOf(path: string): string {
  return `file://${path.split("/").map(encodeSegment).join("/")}`;
}

/**
 * The path that a `file:` address of a server means, however it is encoded; `undefined` for other schemes and other computers.
 * What is no encoding is taken as it stands.
 */
export function pathOfFileUri(uri: string): string | undefined {
  const [, host = "", path = ""] = /^file:\/\/([^/]*)(\/[^?#]*)/i.exec(uri) ?? [];
  return path === "" || (host !== "" && host.toLowerCase() !== "localhost") ? undefined : decoded(path);
}

/** Half of a surrogate pair has no encoding: it becomes what every decoder makes of it. */
function encodeSegment(segment: string): string {
  const whole = new TextDecoder().decode(new TextEncoder().encode(segment));
  return encodeURIComponent(whole).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
