/** The door of what a cursor stands at. */
export { callAt } from "./call.js";
export { expressionAt } from "./expression.js";
export type { LineSource } from "./lineSource.js";
export { placeAt } from "./placeAt.js";
