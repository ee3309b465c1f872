/** The one door of the client SDK. Error classes alone, without the network libraries: `errors.ts`. */
export { BackendAIClient } from "./client.js";
export * from "./errors.js";
export {
  type CallOptions,
  type ConnectOptions,
  type Credentials,
  defaultTimeouts,
  type Progress,
  type SessionCallOptions,
  type SessionDefaults,
  type Timeouts,
  type TlsOptions,
} from "./options.js";
export type { Evidence, Finding, Findings, KnownDefect } from "./findings.js";
export type { IssuedKeypair, Roles } from "./account/authCalls.js";
export type { Group, SessionImage } from "./account/catalogCalls.js";
export type { LoginState } from "./account/login.js";
export type { DownloadedFile, DownloadOptions } from "./files/download.js";
export type { DirectoryListing, FileEntry } from "./files/fileEntry.js";
export { homeDirectory, relativeName } from "./files/remoteName.js";
export type { UploadFile, UploadOptions } from "./files/upload.js";
export { type Folder, type FolderDetails, folderPath, type FolderReference } from "./folders/folder.js";
export type { FolderCreateOptions } from "./folders/folderCalls.js";
export type { FolderEntry } from "./folders/folderEntry.js";
export type { FolderReadOptions, FolderTransferOptions } from "./folders/transfer/transferOptions.js";
export type { FolderUpload } from "./folders/transfer/upload.js";
export type { CompletionOptions, CompletionPosition } from "./runs/completionCalls.js";
export type { ExecuteOptions } from "./runs/carriers/executeStep.js";
export type { Run } from "./runs/run.js";
export type { RunActivity, StartOptions } from "./runs/runCalls.js";
export type { RunEvent } from "./runs/runEvents.js";
export type { RunPlan } from "./runs/runPlan.js";
export type { CreatedSession, SessionApp } from "./sessions/createdSession.js";
export type { CreateSessionOptions } from "./sessions/createOptions.js";
export type { FieldRecord, SessionRecord } from "./sessions/sessionRecord.js";
export type {
  ContainerSummary,
  IdleChecks,
  SessionDependency,
  SessionDetail,
} from "./sessions/sessionDetail.js";
export type { DependencyNode, TemplateOverrides } from "./sessions/sessionExtras.js";
export type { SessionListOptions, SessionPage, SessionSummary } from "./sessions/sessionList.js";
export type { TunnelOptions } from "./streams/appCalls.js";
export type { BackgroundTaskEvent, SessionEvent, SessionEventOptions } from "./streams/eventCalls.js";
export type { StreamPty } from "./streams/streamPty.js";
export type { TunnelSocket } from "./streams/tunnelSocket.js";
export type { DefectName } from "../wire/defects.js";
export type { Dialect } from "../wire/dialect.js";
export type { BatchOptions, RunStep } from "../wire/records/run.js";
export type { CheckedPresets, Hello, ManagerStatus, ResourcePreset } from "../wire/records/server.js";
export type { IdleCheck, SessionInfo, SessionMatch } from "../wire/records/session.js";
