import { shellCommand } from "../../base/text.js";

/** Where a shell is to start. */
export interface ShellOptions {
  /** The tmux session to enter, made if need be. */
  readonly name: string;
  /** A folder of the session, absolute or relative to the home; the home when absent. */
  readonly folder?: string | undefined;
}

/**
 * What the script says first, as an escape sequence of our own that no screen shows: `tmux` for a shell that was there, `new`
 * for one that tmux keeps from now on, or `shell`; and `elsewhere` when the folder is not there.
 */
export const announcement = { start: "\x1b]7411;", end: "\x07" } as const;

/**
 * What the script waits for before it starts tmux, which throws away what sshd has not taken from the terminal yet: on a busy
 * computer that was the announcement, one time in twenty.
 */
export const heard = "\n";

/** The exit code by which the script says that tmux was left, and goes on. */
export const detachedCode = 254;

/** Containers bring a tmux of their own, outside the path. */
const containerTmux = "/opt/kernel/tmux";

/**
 * Enters the tmux session `$1` in folder `$2`, or starts a login shell where there is no tmux. tmux does not pass on exit
 * codes, so the shell leaves its own in a file beside tmux's socket, which only its user can reach. Options are set for this
 * tmux session alone, or where nobody has changed the default: the tmux server is shared with ttyd and with other computers.
 */
const script = String.raw`
where=
tmux=$(command -v tmux) || tmux=${containerTmux}
cd -- "$2" 2>/dev/null || { cd; where=elsewhere; }
if [ ! -x "$tmux" ]; then
  printf '\033]7411;shell %s\007' "$where"
  exec "$\{SHELL:-/bin/sh}" -l
fi
code="$\{TMUX_TMPDIR:-/tmp}/tmux-$(id -u)/$1.exit"
kind=tmux
"$tmux" has-session -t "=$1" 2>/dev/null || { kind=new; rm -f "$code"; }
stty -echo 2>/dev/null
printf '\033]7411;%s %s\007' "$kind" "$where"
read -r heard
stty echo 2>/dev/null
"$tmux" -2u start-server \; \
  if-shell -F '#{==:#{default-terminal},screen}' 'set-option -g default-terminal xterm-256color' \; \
  if-shell -F '#{==:#{escape-time},500}' 'set-option -s escape-time 10' \; \
  new-session -A -s "$1" '"$\{SHELL:-/bin/sh}" -l; printf %s "$?" > "$\{TMUX%/*}/'"$1"'.exit"' \; \
  set-option status off \; set-option mouse on \; set-option set-titles on \; set-option set-titles-string '#{?#{==:#T,#H},#{pane_current_command},#T}'
left=$?
if [ -f "$code" ]; then
  left=$(cat "$code")
  rm -f "$code"
elif "$tmux" has-session -t "=$1" 2>/dev/null; then
  left=${String(detachedCode)}
fi
exit "$left"
`.replaceAll("$\\{", "${");

/** The command line, for any login shell, that opens a terminal's shell. */
export function openShellCommand({ name, folder = "" }: ShellOptions): string {
  return shellCommand(script.trim(), "terminal", name, folder);
}

/** The command line that ends the tmux session `name` and everything in it. */
export function endShellCommand(name: string): string {
  const kill = `tmux=$(command -v tmux) || tmux=${containerTmux}; "$tmux" kill-session -t "=$1"`;
  return shellCommand(kill, "terminal", name);
}

/** The command line that lists tmux sessions, a line each: name, clients, seconds of the last activity, title. */
export function listShellsCommand(): string {
  const format = [
    "session_name",
    "session_attached",
    "session_activity",
    "pane_current_command",
    "pane_title",
  ]
    .map((name) => `#{${name}}`)
    .join("\t");
  const list = `tmux=$(command -v tmux) || tmux=${containerTmux}; "$tmux" list-sessions -F "$1" 2>/dev/null`;
  return shellCommand(list, "terminal", format);
}
