import { randomBytes } from "node:crypto";
import { questionMark } from "../../../wire/questionMark.js";
import { probeScript } from "./probeScript.js";

/** What is asked; `code` ends at the cursor. */
export type ProbeQuestion =
  | { readonly op: "complete"; readonly code: string }
  | { readonly op: "describe" | "signature"; readonly name: string };

/** Code that asks, and the mark around the one line of its answer. */
export interface ProbeCode {
  readonly code: string;
  readonly mark: string;
}

/** How many candidates are told, and how many characters of a value or a docstring. */
const candidateLimit = 500;
const textLimit = 8000;

/**
 * Code that asks a Python interpreter of a session and leaves it as it was. Everything runs in a namespace of its own, in a
 * statement, which has no result to display. IPython keeps no cell that pastes: neither it nor ipykernel counts one, or puts it into
 * the history, so the first line says such words. Where one does all the same, and in the local engine, what was counted is taken back; its
 * log leaves out what begins with `questionMark`, as the logs of real servers have no queries.
 * @param seconds How long the interpreter may take.
 */
export function probeCode(question: ProbeQuestion, seconds: number): ProbeCode {
  const mark = `probe ${randomBytes(8).toString("hex")} `;
  const text = JSON.stringify({ ...question, seconds, limit: candidateLimit, bound: textLimit });
  const code = shell
    .replace("SCRIPT", () => JSON.stringify(probeScript + asking))
    .replace("QUESTION", () => JSON.stringify(text))
    .replace("MARK", () => JSON.stringify(mark));
  return { code, mark };
}

const shell = `${questionMark} get_ipython().run_line_magic( get_ipython().magic( paste
if True:
    __import__("builtins").exec(SCRIPT, {"names": globals(), "question": QUESTION, "mark": MARK, "__name__": "__probe__"})
`;

/** Says that it runs, answers, then forgets: the source that tracebacks would show, the number of the cell, and a history that was kept after all. */
const asking = `
def forget(mark, shell):
    frame = sys._getframe(2)
    import linecache
    linecache.cache.pop(frame.f_code.co_filename, None)
    if shell is None:
        while frame is not None and type(frame.f_locals.get("self")).__name__ != "Cells":
            frame = frame.f_back
        if frame is not None:
            frame.f_locals["self"]._count -= 1
        return
    getattr(shell.compile, "_filename_map", {}).pop(frame.f_code.co_filename, None)
    history, number = shell.history_manager, shell.displayhook.exec_result.execution_count
    isKept = mark in history.input_hist_raw[-1]
    if shell.execution_count > number or isKept:
        shell.execution_count = number if shell.execution_count > number else number - 1
    if not isKept:
        return
    with history.db_input_cache_lock:
        history.db_input_cache[:] = [entry for entry in history.db_input_cache if mark not in entry[2]]
    history.input_hist_raw.pop()
    history.input_hist_parsed.pop()
    history._i00, history._i, history._ii = history._i, history._ii, history._iii
    shell.user_ns.update(_i=history._i, _ii=history._ii, _iii=history._iii)
    shell.user_ns.pop("_i%d" % number, None)
    try:
        with history.db:
            history.db.execute("delete from history where session = ? and line = ?", (history.session_number, number))
    except Exception:
        pass

sys.stdout.write("\\n")
sys.stdout.flush()
written = json.dumps(answer_to(question, names), default=str)
try:
    forget(mark, names["get_ipython"]() if "get_ipython" in names else None)
except Exception:
    pass
sys.stdout.write(mark + written + mark + "\\n")
sys.stdout.flush()
`;
