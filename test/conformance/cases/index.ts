import type { CaseGroup } from "../conformanceCase.js";
import { accounts } from "./accounts.js";
import { auth } from "./auth.js";
import { batches } from "./batches.js";
import { completions } from "./completions.js";
import { errors } from "./errors.js";
import { events } from "./events.js";
import { files } from "./files.js";
import { folders } from "./folders.js";
import { hello } from "./hello.js";
import { inputs } from "./inputs.js";
import { interrupts } from "./interrupts.js";
import { lifecycle } from "./lifecycle.js";
import { listings } from "./listings.js";
import { login } from "./login.js";
import { queries } from "./queries.js";
import { taskLogs } from "./taskLogs.js";
import { terminals } from "./terminals.js";
import { tunnels } from "./tunnels.js";

/** Every group, in the order in which they run and are shown. */
export const groups: readonly CaseGroup[] = [
  ...[hello, auth, login, lifecycle, listings, queries, batches, inputs, interrupts],
  ...[files, folders, events, terminals, tunnels, completions, taskLogs, accounts, errors],
];
