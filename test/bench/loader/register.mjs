/**
 * Has Node.js read TypeScript as it ships: `node --import ./test/bench/loader/register.mjs test/bench/calls.ts`. What tsx makes of it
 * sets the name of each closure whenever one is made, which is a tenth of what a call costs.
 */
import { register } from "node:module";

register("./hooks.mjs", import.meta.url);
