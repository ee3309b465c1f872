import { maskText } from "../../base/secrets/maskText.js";
import { withholdSecrets } from "../../base/secrets/withheld.js";
import type { RunOptions } from "../plan/runPlan.js";
import type { RunRecord } from "./runRecord.js";

/** How a run was changed, without secrets: records outlive the window, on disk. */
export function keptOptions({ env, ...texts }: RunOptions): Pick<RunRecord, "options" | "withheld"> {
  const { kept, withheld } = withholdSecrets(env ?? {});
  const masked = Object.entries(texts).map(
    ([name, text]: [string, string | undefined]): [string, string | undefined] => [
      name,
      text === undefined ? undefined : maskText(text),
    ],
  );
  return {
    options: { ...Object.fromEntries(masked), ...(env === undefined ? {} : { env: kept }) },
    ...(withheld.length === 0 ? {} : { withheld: [...withheld] }),
  };
}
