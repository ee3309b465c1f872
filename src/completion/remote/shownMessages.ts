import type { Message } from "vscode-languageserver-protocol";
import { labelText, messageText } from "../../base/shownText.js";

/**
 * A message of a session's language server with harmless words in what VS Code's client shows as it comes: notifications would make links
 * of them that run commands, the status bar icons.
 */
export function shownMessage(message: Message): Message {
  const { method, params } = recordOf(message);
  switch (method) {
    case "window/showMessage":
    case "window/showMessageRequest":
      return { ...message, params: withText(recordOf(params), ["message"], messageText) } as Message;
    case "$/progress": {
      const { value } = recordOf(params);
      const shown = withText(recordOf(value), ["title", "message"], labelText);
      return Array.isArray(value) // parts of an answer
        ? message
        : ({ ...message, params: { ...recordOf(params), value: shown } } as Message);
    }
    default:
      return message;
  }
}

function withText(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
  shown: (text: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      names.includes(name) && typeof value === "string" ? shown(value) : value,
    ]),
  );
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
