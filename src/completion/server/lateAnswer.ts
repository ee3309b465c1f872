import { NotificationType, type TextDocumentPositionParams } from "vscode-languageserver-protocol";

/** Told when candidates have come for which an editor was not kept waiting: asked again, they are there at once. */
export const lateAnswer = new NotificationType<TextDocumentPositionParams>("backendai/lateAnswer");
