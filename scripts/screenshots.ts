/**
 * `npm run screenshots`: takes the pictures of the README (`docs/images`) and of the newcomer's journey (`docs/journeys`) anew, from
 * the real workbench.
 *
 *     npm run screenshots -- sessions     those of one file of test/pictures alone
 */
import path from "node:path";
import { runJourneys } from "../test/host/index.js";
import { extensionRoot } from "../test/host/paths.js";

const [only] = process.argv.slice(2);
process.env["UPDATE_PICTURES"] = "1";
const surfaces = await runJourneys({ folder: path.join(extensionRoot, "test/pictures"), only });
const steps = await runJourneys({ only: only ?? "newcomer" });
process.exit(surfaces.failed + steps.failed > 0 ? 1 : 0);
