import { shellCommand } from "../../base/text.js";

/** Exit code: no such job is in the session. */
export const noSuchJob = 44;
/** Exit code: the job could not be started; the error output says why. */
export const notStarted = 45;

/** Jobs that are over and kept in a session; the oldest are removed by the next start. */
const keptJobs = 50;

/** Output that a job may write, in 1024-byte units: one that prints without end would fill the disk of its session. */
const outputLimitKiB = 4 * 1024 * 1024;

/** Where jobs live, relative to the home of a session's user. */
const jobsFolder = ".backendai/runs";

/**
 * What runs the job and outlives every connection. Its parent has gone, so `exit` is its word to everyone. It alone holds `done`
 * open for writing, whose readers learn of its end, of whatever cause, when it comes.
 */
const runner = `echo $$ > runner.pid
exec 3<>in 5<>done
watch() {
  while sleep 5; do
    if [ $((($(wc -c < out) + $(wc -c < err)) / 1024)) -gt ${outputLimitKiB} ]; then
      : > full
      kill -KILL "-$(cat pid)" # dash knows no “--” here
      return
    fi
  done
}
watch 5>&- & watcher=$!
read -r kind < kind
if [ "$kind" = terminal ]; then
  SHELL=/bin/sh TERM=xterm-256color script -qfec 'exec sh ./inner' /dev/null <&3 >>out 2>&1 5>&-
else
  setsid -w sh ./inner <&3 >>out 2>>err 5>&-
fi
code=$?
kill $watcher
[ -s code ] && read -r code < code
echo "$code" > exit.new
mv exit.new exit
`;

/** What runs the script: the leader of its process group. It lives through signals, which its trap leaves to the program. */
const inner = `trap : HUP INT QUIT TERM
job=$PWD
read -r kind < kind
[ "$kind" = terminal ] && { stty rows "$1" cols "$2" 2>/dev/null; tty > tty; }
echo $$ > pid
exec 3>&-
cd "$HOME"
sh "$job/script"
echo $? > "$job/code"
`;

/** What a job is started with. */
export interface JobStart {
  /** Letters, digits, `-` and `_`. */
  readonly id: string;
  /** Whether programs see a terminal (output and errors are one then), or pipes. */
  readonly kind: "terminal" | "pipes";
  readonly rows: number;
  readonly cols: number;
  /** One line about the job, for whoever finds it. */
  readonly note: string;
}

/**
 * A command that starts the script on its input as a job, detached from everything, and prints its kind: a session may have no
 * way to make a terminal. Started again under the same id it starts nothing, so a start whose answer was lost can be repeated; of a
 * script that came in part, of fewer `bytes`, nothing runs. `setsid -f`, as what a shell starts with `&` ignores interrupts.
 */
export function startCommand({ id, kind, rows, cols, note }: JobStart, bytes: number): string {
  const script = `umask 077
jobs="$HOME/${jobsFolder}"; d="$jobs/$1"
[ -d "$jobs" ] || mkdir -p "$jobs" || exit ${notStarted}
i=0
until mkdir "$d" 2>/dev/null; do
  [ -e "$d/runner.pid" ] && exec cat "$d/kind"
  i=$((i + 1)); [ $i -le 10 ] || { echo "$d can't be made" >&2; exit ${notStarted}; }
  sleep 0.2
done
trap '' HUP
cd "$d" && cat > script && : > out && : > err && mkfifo in done || exit ${notStarted}
[ "$(wc -c < script)" -eq "$8" ] || { rm -rf "$d"; echo "its script came in part" >&2; exit ${notStarted}; }
command -v setsid > /dev/null || { echo "setsid is not there" >&2; exit ${notStarted}; }
printf '%s\\n' "$5" > note
kind=$2
[ "$kind" = terminal ] && { SHELL=/bin/sh script -qfec true /dev/null < /dev/null > /dev/null 2>&1 || kind=pipes; }
echo "$kind" > kind
printf '%s' "$6" > runner
printf 'set -- %s %s\\n%s' "$3" "$4" "$7" > inner
trap - HUP
setsid -f sh ./runner < /dev/null > /dev/null 2>&1 || exit ${notStarted}
{ ls -t "$jobs" | while read -r old; do
  [ -e "$jobs/$old/exit" ] && echo "$jobs/$old"
done | tail -n +${keptJobs + 1} | while read -r old; do rm -rf "$old"; done; } < /dev/null > /dev/null 2>&1 &
echo "$kind"`;
  const numbers = [rows, cols].map(String);
  return shellCommand(script, "sh", id, kind, ...numbers, note, runner, inner, String(bytes));
}

/** In front of what asks about one job: goes to its folder. The first process of a container may leave a dead runner as a zombie. */
const enter = `cd "$HOME/${jobsFolder}/$1" 2>/dev/null || exit ${noSuchJob}
lives() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
over() { [ -e exit ] || { [ -e runner.pid ] && read -r runner < runner.pid && ! lives "$runner"; }; }
`;

/** Where somebody stands in the output of a job, in bytes. */
export interface JobOffsets {
  readonly out: number;
  readonly err: number;
}

/**
 * A command that prints what a job writes from some bytes on, as it comes, and passes its own input on to the job. It ends
 * with the job, or when its input ends; its last bytes may be missing then. `done` is opened for writing first, as opening it for
 * reading alone would wait for ever behind a job that has just ended.
 */
export function followCommand(id: string, { out, err }: JobOffsets): string {
  const script = `${enter}exec 4<&0
[ -p done ] && exec 5<>done 6<done 5>&-
read -r kind < kind
tail -c "+$(($2 + 1))" -f out < /dev/null & a=$!
b=
[ "$kind" = terminal ] || { tail -c "+$(($3 + 1))" -f err >&2 < /dev/null & b=$!; }
{ cat <&4 1<>in 2>/dev/null; kill $a $b $$; } & c=$!
d=
trap 'kill $a $b $c $d 2>/dev/null; exit 0' TERM
[ -p done ] && { cat <&6 > /dev/null 2>&1 & d=$!; wait $d; }
until over; do sleep 0.3; done # of another release, or lost
kill $a $b $c 2>/dev/null
exit 0`;
  return shellCommand(script, "sh", id, String(out), String(err));
}

/** A command that prints `kind`, state, exit code, and the sizes of both outputs; separated by spaces. */
export function statusCommand(id: string): string {
  return shellCommand(`${enter}${statusLine}`, "sh", id);
}

const statusLine = `code=; state=running
over && state=over
[ -e exit ] && read -r code < exit
[ "$state" = over ] && [ -z "$code" ] && code=lost
[ "$state" = over ] && [ -e unbuilt ] && state=unbuilt
[ -e full ] && state=full
read -r kind < kind
echo "$kind $state \${code:--} $(wc -c < out) $(wc -c < err)"
`;

/** A command that prints each job's id, the line of {@link statusCommand}, seconds since 1970 of start and end, and its note. */
export function listCommand(): string {
  const script = `for d in "$HOME/${jobsFolder}"/*/; do
  [ -e "$d/note" ] || continue
  set -- "$(basename "$d")"
  ( ${enter}status=$(${statusLine})
    printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "$1" "$status" "$(stat -c %Y script)" "$(stat -c %Y exit 2>/dev/null)" "$(cat note)" )
done
exit 0`;
  return shellCommand(script, "sh");
}

/** A command that prints the line of {@link statusCommand} and, of a job that does not run, what it wrote from some bytes on. */
export function endCommand(id: string, { out, err }: JobOffsets): string {
  const script = `${enter}${statusLine}[ "$state" = running ] && exit 0
[ -s err ] && tail -c "+$(($3 + 1))" err >&2
exec tail -c "+$(($2 + 1))" out`;
  return shellCommand(script, "sh", id, String(out), String(err));
}

/** A command that signals every process of a job's group. */
export function signalCommand(id: string, signal: "INT" | "TERM" | "KILL"): string {
  const script = `${enter}over && exit 0
for i in 1 2 3 4 5 6 7 8 9 10; do [ -s pid ] && break; sleep 0.1; done
exec kill -$2 -- "-$(cat pid)"`;
  return shellCommand(script, "sh", id, signal);
}

/** A command that gives a job's terminal another size. */
export function resizeCommand(id: string, rows: number, cols: number): string {
  const script = `${enter}[ -s tty ] && exec stty -F "$(cat tty)" rows "$2" cols "$3"`;
  return shellCommand(script, "sh", id, String(rows), String(cols));
}

/** A command that forgets a job that is over. */
export function removeCommand(id: string): string {
  return shellCommand(`${enter}over && exec rm -rf "$PWD"`, "sh", id);
}
