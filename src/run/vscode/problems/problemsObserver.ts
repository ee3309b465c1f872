import * as vscode from "vscode";
import { PathMap } from "../../problems/pathMap.js";
import type { RunSubject } from "../runDocument.js";
import type { RunObserver } from "../runner.js";
import type { RunProblems } from "./runProblems.js";

/** Feeds the Problems view with the output of runs. */
export function problemsObserver(problems: RunProblems): RunObserver {
  return ({ subject }) => {
    const feed = problems.begin(subject.uri.toString(), pathMapOf(subject));
    return {
      event: (event) => {
        if (event.type === "output" && event.stream !== "log") {
          feed.feed(event.text, event.stream);
        }
      },
      end: () => feed.end(),
    };
  };
}

/** Which documents the places in a run's output stand for. */
export function pathMapOf({ uri, remotePath }: RunSubject): PathMap {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const sent = remotePath === undefined ? [] : [{ remotePath, uri: uri.toString() }];
  return new PathMap(sent, folder?.uri.toString());
}
