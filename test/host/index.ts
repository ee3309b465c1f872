/** The door of the test host: a real VS Code for tests and journeys. */
export { runInHost } from "./verdict/runInHost.js";
export { runJourneys, type Journey } from "./journeys.js";
export type { Workbench } from "./window/workbench.js";
