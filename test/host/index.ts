/** The door of the test host: a real VS Code for tests, journeys and `npm start`. */
export { runInHost, type HostOptions } from "./verdict/runInHost.js";
export type { Failure, HostResult } from "./verdict/result.js";
export { runJourneys, type Journey, type JourneyOptions, type PreparedSurroundings } from "./journeys.js";
export { withWorkbench, type WorkbenchOptions } from "./session.js";
export { Workbench } from "./window/workbench.js";
