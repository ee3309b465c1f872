/** The door of what a cursor stands at. */
export { callAt } from "./call.js";
export { expressionAt } from "./expression.js";
export { type LineSource, linesOf } from "./lineSource.js";
export type { Place } from "./place.js";
export { placeAt } from "./placeAt.js";
