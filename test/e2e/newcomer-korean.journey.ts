/** From an empty window to a run, a terminal and a file, in Korean. */
import { newcomer } from "./newcomer/newcomer.js";

export const journey = newcomer("ko");
