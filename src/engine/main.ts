import { messageOf } from "../base/errors.js";
import { readArguments, usage } from "./cli/arguments.js";
import { stderrLogger } from "./cli/stderrLogger.js";
import { writeAndRelease } from "./cli/stdoutLines.js";
import { whenToldToStop } from "./cli/stopSignals.js";
import { exportLines, welcome } from "./cli/words.js";
import { startEngine } from "./index.js";

/** Sessions end within seconds; an engine that cannot end them must not stay for ever. */
const stopDeadlineMs = 15_000;

/** Starts the engine of the command line and serves until it is told to stop. */
async function main(): Promise<number> {
  const line = readArguments(process.argv.slice(2), process.env);
  if (line.wantsHelp) {
    process.stdout.write(usage);
    return 0;
  }
  // Listening begins first: a signal during the start must not leave anything behind.
  const stop = whenToldToStop({ isStdinOwner: line.isStdinOwner, logger: stderrLogger });
  const engine = await startEngine({ ...line.options, logger: stderrLogger });
  writeAndRelease(exportLines(engine));
  process.stderr.write(welcome(engine, line));
  await stop;
  setTimeout(() => process.exit(1), stopDeadlineMs).unref();
  await engine.close();
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  },
);
