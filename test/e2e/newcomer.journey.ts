/** From an empty window to a run, a terminal and a file, in English. */
import { newcomer } from "./newcomer/newcomer.js";

export const journey = newcomer("en");
