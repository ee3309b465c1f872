/** What stands in place of a secret. */
export const masked = "••••••";

/** Names of variables and options whose values are nobody's business. */
const secretName =
  /pass(?:wd|word|phrase)?$|secret|token|credential|api[_-]?key|access[_-]?key|private|auth(?!or(?!iz))|signature|cookie|session[_-]?key|(?:^|[_-])(?:pwd|pw|key|sas|dsn)$/i;

/** Values that are secrets by their own looks, whatever they are called. */
const secretValues: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, // a JSON web token
  /\b(?:gh[pousr]|github_pat|glpat|xox[abprs]|sk|rk|pk_live|hf|npm|dop_v1|shpat)[_-][\w-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}\b/g,
];

/** `user:password@` of an address. */
const addressPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/gi;
/** `NAME=value`, `--name value`, `--name=value`, `Header: value` of a command line. */
const assignment =
  /(?<lead>(?:^|[\s"';&|(]))(?<name>-{0,2}[A-Za-z][\w.-]*)(?<link>=|:\s*|\s+)(?<value>(?:Bearer|Basic|Token)\s+[^\s"';&|)]+|"[^"]*"|'[^']*'|[^\s"';&|)]+)/g;
/** What servers call the caller's key in their own records: a name, not a secret. */
const harmlessNames: ReadonlySet<string> = new Set([
  "access_key",
  "accessKey",
  "owner_access_key",
  "ownerAccessKey",
]);

/** Whether what is called that is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** A text without what looks like a secret in it. */
export function maskText(text: string): string {
  const addressed = maskAssignments(text).replaceAll(addressPassword, `$1${masked}`);
  return secretValues.reduce((rest, pattern) => rest.replaceAll(pattern, masked), addressed);
}

/** Also assignments inside of what another name is given, such as a header after `-H`. */
function maskAssignments(text: string): string {
  return text.replaceAll(assignment, (...parts: unknown[]) => {
    const groups = parts.at(-1) as Record<"lead" | "name" | "link" | "value", string>; // the groups of the pattern
    const { lead, name, link, value } = groups;
    const isOption = name.startsWith("-") || link.trim() !== "";
    if (isOption && isSecretName(name) && !value.startsWith("-")) {
      return `${lead}${name}${link}${masked}`;
    }
    const quote = /^["']/.exec(value)?.[0] ?? "";
    const inner = quote === "" ? value : value.slice(1, -1);
    return `${lead}${name}${link}${quote}${maskAssignments(inner)}${quote}`;
  });
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
