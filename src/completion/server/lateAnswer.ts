import { NotificationType, type TextDocumentPositionParams } from "vscode-languageserver-protocol";

/** What was asked for at a place. */
interface LateAnswer extends TextDocumentPositionParams {
  readonly what: "suggestions" | "signature";
}

/** Told when something has come for which an editor was not kept waiting: asked again, it is there at once. */
export const lateAnswer = new NotificationType<LateAnswer>("backendai/lateAnswer");
