/**
 * Has Node.js read TypeScript as it ships: `node --import ./test/bench/loader/register.mjs test/bench/calls.ts`. What tsx makes of it
 * sets the name of each closure whenever one is made, which is a tenth of what a call costs.
 */
import { createRequire, register } from "node:module";

register("./hooks.mjs", import.meta.url);

// As in what ships (esbuild.mjs), where a package is replaced by a file of ours: what is measured beside it has it, too.
const { mask, unmask } = await import("../../../src/wire/websocketMask.ts");
Object.assign(createRequire(import.meta.url)("../../../node_modules/ws/lib/buffer-util.js"), {
  mask,
  unmask,
});
