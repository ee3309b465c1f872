/** The door of the test host: a real VS Code for tests and journeys. */
export { runInHost } from "./verdict/runInHost.js";
export { runJourneys, type Journey } from "./journeys.js";
export type { Language } from "./language/languagePack.js";
export { Words } from "./language/words.js";
export { countClicks } from "./window/clicks.js";
export { keepImage, pictureSteps, pictureWindow } from "./window/pictures.js";
export type { Workbench } from "./window/workbench.js";
