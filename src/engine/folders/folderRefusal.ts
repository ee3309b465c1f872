import { OutsidePathError } from "../files/workPath.js";
import { Refusal } from "../http/refusal.js";
import type { Era } from "../era.js";

/** What the systems of servers say, and by which number. */
const failures: Readonly<Record<string, readonly [errno: number, words: string]>> = {
  ENOENT: [2, "No such file or directory"],
  EACCES: [13, "Permission denied"],
  EEXIST: [17, "File exists"],
  ENOTDIR: [20, "Not a directory"],
  EISDIR: [21, "Is a directory"],
  ENOTEMPTY: [39, "Directory not empty"],
};

/**
 * Trouble with a file of a folder as the era tells it: managers that keep the files themselves in their own words, those with a
 * storage proxy as its words, and since 26.1 without any (`protocol.md` §6.5). Other errors pass.
 */
export function folderRefusal(error: unknown, paths: readonly string[], era: Era): unknown {
  if (error instanceof OutsidePathError) {
    return operation(era, "Storage proxy responded with 500 Internal Server Error", undefined);
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const failure = failures[code];
  if (failure === undefined) {
    return error;
  }
  const [errno, words] = failure;
  if (!era.since("20.09")) {
    return code === "ENOENT"
      ? new Refusal("folder-not-found", { msg: `${words}.` })
      : new Refusal("invalid-params", { msg: `${words}: ${paths.join(", ")}` });
  }
  return operation(era, words, { errno, paths });
}

function operation(era: Era, msg: string, data: unknown): Refusal {
  if (!era.since("20.09")) {
    return new Refusal("invalid-params", { msg: "The requested path is out of the folder" });
  }
  return new Refusal(
    "folder-operation",
    era.since("26.1")
      ? { msg: "Bad request to storage proxy" }
      : { msg, ...(data === undefined ? {} : { data }) },
  );
}
