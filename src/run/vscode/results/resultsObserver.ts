import type { RunEvent } from "../../../api/index.js";
import type { QueryRunInfo } from "../../query/queryRun.js";
import type { ResultStore } from "../../results/resultStore.js";
import type { RunResults } from "../../results/runResults.js";
import { endingText } from "../../screen/runScreen.js";
import type { RunObserver } from "../runner.js";

/** Gives the panel what runs of files report. */
export function resultsObserver(store: ResultStore): RunObserver {
  return ({ subject, where }) => {
    const results = store.begin({ title: subject.name, where });
    return {
      event: (event) => results.add(event),
      end: (outcome) => results.end(endingText(outcome)),
    };
  };
}

/** Gives the panel the pictures and tables of queries; their text stands in the console. */
export function resultsOfQueries(store: ResultStore): (run: QueryRunInfo, event: RunEvent) => void {
  const known = new WeakMap<QueryRunInfo, RunResults>();
  return (run, event) => {
    let results = known.get(run);
    if (results === undefined && (event.type === "media" || event.type === "html")) {
      results = store.begin({ title: run.origin, where: run.session.name });
      known.set(run, results);
    }
    results?.add(event);
    if (event.type === "finished") {
      results?.end(endingText({ kind: "finished", exitCode: event.exitCode }));
    }
  };
}
