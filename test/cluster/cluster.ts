import { messageOf } from "../../src/base/errors.js";
import { down, install, status, up } from "./lifecycle.js";
import { interruption } from "../host/interruption.js";
import { type Release, releases } from "./releases.js";
import { abortableStep } from "./support/step.js";

const verbs: Readonly<Record<string, (release: Release) => Promise<void>>> = { install, up, down, status };

const usage = `npm run cluster -- ${Object.keys(verbs).join("|")} ${releases.map(({ name }) => name).join("|")}`;

const [verb = "", name = ""] = process.argv.slice(2);
const run = verbs[verb];
const release = releases.find((candidate) => candidate.name === name);

if (run === undefined || release === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    await abortableStep(interrupted(), async () => run(release));
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

/** Aborts when somebody interrupts: what was started is ended then. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  void interruption().then((reason) => controller.abort(new Error(reason)));
  return controller.signal;
}
