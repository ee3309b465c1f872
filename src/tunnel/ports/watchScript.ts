import { shellCommand } from "../../base/text.js";

/** Ends a list of rows. */
export const endOfRows = ".";
/** Says that nothing has changed. */
export const unchanged = "=";
/** Says that the session's system does not tell its ports. */
export const unknowable = "none";

/**
 * A command that tells the listening ports of a session each `pauseSeconds`: first a line that names machine and network
 * namespace, then rows of `/proc/net/tcp` when they have changed, else a sign of life. It ends by itself at the first word
 * that nobody hears, which no server does for it when its channel is closed.
 */
export function watchCommand(pauseSeconds: number): string {
  const script = [
    `[ -r /proc/net/tcp ] || { echo ${unknowable}; exit; }`,
    `echo "$(cat /proc/sys/kernel/random/boot_id) $(readlink /proc/self/ns/net)"`,
    "old=first",
    // for programs
    `while :; do rows=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep " 0A ")`,
    // for programs
    `if [ "$rows" = "$old" ]; then echo ${unchanged} || exit; else printf "%s\\n${endOfRows}\\n" "$rows" || exit; old=$rows; fi`,
    `sleep ${pauseSeconds}`,
    "done",
  ].join("\n");
  return shellCommand(script);
}

/**
 * A command that prints the sockets which processes of the session that it runs in hold, as `socket:[inode]`, one a line.
 * Sessions that share a computer share its ports, and the variables of their processes tell them apart.
 */
export function socketsCommand(): string {
  const script = [
    `[ -n "$BACKENDAI_SESSION_ID" ] || exit 0`,
    `for e in $(grep -ls "BACKENDAI_SESSION_ID=$BACKENDAI_SESSION_ID" /proc/[0-9]*/environ); do`,
    `ls -l "\${e%environ}fd" 2>/dev/null`,
    `done | grep -o "socket:\\[[0-9]*]"`,
    "exit 0",
  ].join("\n");
  return shellCommand(script);
}
