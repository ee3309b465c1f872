import { maskText } from "../base/secrets/maskText.js";

/** Whose traces are to be taken out. */
export interface Person {
  /** Home folders of this computer. */
  readonly homes: readonly string[];
  /** The name that this computer knows them by. */
  readonly userName: string;
  /** Names and addresses of servers, to be taken out as well; none where they may stay. */
  readonly hosts: readonly string[];
}

/** Accounts that are nobody's own. */
const sharedAccounts = new Set([
  "root",
  "user",
  "work",
  "admin",
  "administrator",
  "ubuntu",
  "node",
  "coder",
  "vscode",
  "runner",
]);

/** Shorter names of people would be found in everything. */
const shortestName = 3;

/** Home folders whose owner the path names; `/home/work` is that of every session. */
const foreignHome =
  /(?<root>\/(?:home|Users)\/|\b[A-Za-z]:\\{1,4}Users\\{1,4})(?!work\b)[^/\\\s"'<>|:;,)]{1,64}/gi;
const email = /[\w.+-]{1,64}(?:@|%40)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}/gi;

/** A text without secrets, and without what tells who somebody is: home folders, names of users, e-mail addresses; hosts if wanted. */
export function maskPersonal(text: string, { homes, userName, hosts }: Person): string {
  let rest = maskText(text);
  for (const home of homes.filter((folder) => folder.length > 1)) {
    for (const form of new Set([
      home,
      home.replaceAll("\\", "\\\\"),
      encodeURI(home),
      encodeURIComponent(home),
    ])) {
      rest = rest.replaceAll(new RegExp(`${literal(form)}(?![\\w.-])`, "gi"), "~");
    }
  }
  rest = rest.replaceAll(foreignHome, "$<root>‹user›").replaceAll(email, "‹e-mail›");
  if (userName.length >= shortestName && !sharedAccounts.has(userName.toLowerCase())) {
    rest = rest.replaceAll(new RegExp(`(?<![\\w.-])${literal(userName)}(?![\\w-])`, "gi"), "‹user›");
  }
  // The longest first: a host with its port before the host.
  const named = [...new Set(hosts)].sort((a, b) => b.length - a.length);
  for (const [index, host] of named.entries()) {
    const pattern = new RegExp(`(?<![\\w-])${literal(host)}(?![\\w-])`, "gi");
    rest = rest.replaceAll(pattern, `‹server ${String(index + 1)}›`);
  }
  return rest;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
