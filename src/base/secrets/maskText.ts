import { maskKnownSecrets, rememberSecret } from "./knownSecrets.js";
import { masked } from "./masked.js";

/** Names of variables and options whose values are nobody's business. */
const secretName =
  /pass(?:wd|word|phrase)?$|secret|token|credential|api[_-]?key|access[_-]?key|private|auth(?!or(?!iz))|signature|cookie|session[_-]?key|(?:^|[_-])(?:pwd|pw|key|sas|dsn)$/i;

/** Values that are secrets by their own looks, whatever they are called. Every repetition has a bound: logs are long. */
const secretValues: readonly RegExp[] = [
  /-----BEGIN(?: |%20|\+)[A-Z0-9 +%]{0,40}PRIVATE(?: |%20|\+)KEY-----(?:[^-]|-(?!----)){0,20000}(?:-----END[A-Z0-9 +%]{0,60}KEY-----)?/g,
  /\bLS0tLS1CRUdJTi[\w+/=-]{16,40000}/g, // the beginning of such a key, in base64
  /\b(?:gh[pousr]|github_pat|glpat|xox[abprs]|sk|rk|pk_live|hf|npm|dop_v1|shpat)[_-][\w-]{16,400}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}\b/g,
];

/** What may have a JSON web token in it: a whole run of its letters with two dots, so that none is looked at twice. */
const dotted = /(?<![\w-])[\w-]{11,}\.[\w-]{8,}\.[\w-]*/g;
const webToken = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/;

/** `user:password@` of an address. */
const addressPassword = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,200}:)[^\s/@]{1,400}(?=@)/gi;
/** Headers whose whole value proves who calls: to the end of the line, or of the text they are quoted in. */
const secretHeader =
  /(?<name>\b(?:proxy-authorization|authorization|set-cookie|cookie|x-[a-z-]{0,30}(?:token|secret|key|signature))(?:\\*["'])?\s{0,4}[:=]\s{0,4})(?:(?<quote>\\*["'])[^\r\n]{0,4000}?(?<!\\)\k<quote>|[^\s"'\\][^\r\n"'\\]{0,4000}(?:(?<==)"[^\r\n"]{0,4000}"[^\r\n"'\\]{0,400})*)/gi;
/** A name and what leads to its value: `NAME=`, `--name `, `--name=`, `Header: `, `"name": `, also in a text that is JSON itself. */
const naming =
  /(?<![\w.-])(?<name>-{0,2}[A-Za-z][\w.-]{0,80})(?<link>(?:\\*["'])?\s{0,4}[=:]\s{0,4}|\s{1,4})/g;
/** The value that follows: quoted, after a word such as `Bearer`, or up to what ends a word. */
const value =
  /(?<quote>\\+["'])[^]{0,4000}?(?<!\\)\k<quote>|"(?:\\[^]|[^"\\]){0,4000}"|'(?:\\[^]|[^'\\]){0,4000}'|(?:(?:Bearer|Basic|Token)\s+)?[^\s"';&|),}]{1,4000}/y;
/** Sequences that colour text, which may stand in the middle of a secret; and what else a terminal hides. */
const escapeSequence =
  /(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]|\x1b\][^\x07\x1b]{0,4000}(?:\x07|\x1b\\)|\x1b[ -/]{0,8}[0-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200d\u2060\ufeff]/g;
/** What servers call the caller's key in their own records: a name, not a secret. */
const harmlessNames: ReadonlySet<string> = new Set([
  "access_key",
  "accessKey",
  "owner_access_key",
  "ownerAccessKey",
]);

/** Has the values of variables masked everywhere whose names say that they are secrets. */
export function rememberSecretVariables(variables: Readonly<Record<string, string>> = {}): void {
  for (const [name, given] of Object.entries(variables)) {
    if (isSecretName(name)) {
      rememberSecret(given);
    }
  }
}

/** Whether what is called that is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** A text without what is known to be a secret or looks like one, and without colours, which could stand in the middle of one. */
export function maskText(text: string): string {
  const plain = maskKnownSecrets(text.replaceAll(escapeSequence, ""));
  const unnamed = maskNamed(plain.replaceAll(secretHeader, `$<name>${masked}`));
  const addressed = unnamed.replaceAll(addressPassword, `$1${masked}`);
  const untokened = addressed.replaceAll(dotted, (run) => run.replace(webToken, masked));
  return secretValues.reduce((rest, pattern) => rest.replaceAll(pattern, masked), untokened);
}

/** What is given to a name that a secret has. What stands behind another name is looked at like all the rest. */
function maskNamed(text: string): string {
  const pieces: string[] = [];
  let kept = 0;
  naming.lastIndex = 0;
  for (let found = naming.exec(text); found !== null; found = naming.exec(text)) {
    const { name = "", link = "" } = found.groups ?? {};
    const end = naming.lastIndex;
    const secretEnd = isGiven(name, link) ? endOfValue(text, end, link) : undefined;
    if (secretEnd === undefined) {
      naming.lastIndex = found.index + name.length;
    } else {
      pieces.push(text.slice(kept, end), masked);
      kept = secretEnd;
      naming.lastIndex = secretEnd;
    }
  }
  return [...pieces, text.slice(kept)].join("");
}

/** Whether a secret follows: words alone name nothing. */
function isGiven(name: string, link: string): boolean {
  return (name.startsWith("-") || link.trim() !== "") && isSecretName(name);
}

function endOfValue(text: string, start: number, link: string): number | undefined {
  value.lastIndex = start;
  const isNextOption = link.trim() === "" && text.startsWith("-", start);
  return isNextOption || !value.test(text) ? undefined : value.lastIndex;
}

/** A record of a server without the secrets in it: by name, and by what values look like. */
export function maskSecrets(value: unknown): unknown {
  if (typeof value === "string") {
    return maskText(value);
  }
  if (Array.isArray(value)) {
    return value.map(maskSecrets);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name,
      harmlessNames.has(name) ? inner : isSecretName(name) && isTelling(inner) ? masked : maskSecrets(inner),
    ]),
  );
}

/** Nothing and a yes or no tell no secret. */
function isTelling(value: unknown): boolean {
  return (
    (typeof value === "string" && value !== "") ||
    typeof value === "number" ||
    (typeof value === "object" && value !== null)
  );
}
