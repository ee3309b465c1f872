/**
 * Where plain code says what it does. error: the user saw it; warn: we coped; info: life events; debug: requests; trace:
 * frames by type and size. Never secrets, signatures, keystrokes, file contents or query strings.
 */
export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
  trace(message: string): void;
}

/** Says nothing. */
export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  trace: () => undefined,
};
