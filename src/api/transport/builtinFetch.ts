/**
 * Imported before undici. Importing undici in a process where the built-in `fetch` was never touched installs *its* agent
 * for the global `fetch` of everybody; touching the built-in one first keeps the slot as Node made it.
 */
Reflect.get(globalThis, "Headers");
export {};
