import * as vscode from "vscode";
import { messageOf } from "../../../base/errors.js";
import type { Logger } from "../../../base/logger.js";
import type { KernelCell } from "../../notebook/notebookKernel.js";
import type { CellOutput, CellScreen, TextStream } from "../../notebook/outputs/cellOutput.js";

/** A cell of VS Code as the kernel sees it. It shows as waiting from here on. */
export function kernelCell(execution: vscode.NotebookCellExecution, logger: Logger): KernelCell {
  let isStarted = false;
  return {
    code: execution.cell.document.getText(),
    languageId: execution.cell.document.languageId,
    start: (order) => {
      execution.executionOrder = order;
      execution.start(Date.now());
      isStarted = true;
      const attempt = attemptOn(logger);
      void attempt(() => execution.clearOutput());
      return cellScreen(execution, attempt);
    },
    end: (succeeded) => {
      // One that was not run keeps what it shows.
      execution.end(succeeded, isStarted ? Date.now() : undefined);
    },
  };
}

type Attempt = (work: () => Thenable<void>) => Promise<void>;

/** Does what fails only when the notebook or the cell is gone. */
function attemptOn(logger: Logger): Attempt {
  return async (work) => {
    try {
      await work();
    } catch (error) {
      logger.debug(`an output of a cell is not shown: ${messageOf(error)}`);
    }
  };
}

function cellScreen(execution: vscode.NotebookCellExecution, attempt: Attempt): CellScreen {
  let last = new vscode.NotebookCellOutput([]);
  let stream: TextStream = "stdout";
  return {
    append: async (output) => {
      last = outputOf(output);
      stream = output.kind === "text" ? output.stream : stream;
      await attempt(() => execution.appendOutput(last));
    },
    extend: async (text) => attempt(() => execution.appendOutputItems(textItem(stream, text), last)),
    replace: async (text) => attempt(() => execution.replaceOutputItems(textItem(stream, text), last)),
  };
}

/** The kinds of output that notebook files tell apart. */
const outputType = { text: "stream", data: "display_data", error: "error" } as const;

function outputOf(output: CellOutput): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([itemOf(output)], { outputType: outputType[output.kind] });
}

function itemOf(output: CellOutput): vscode.NotebookCellOutputItem {
  switch (output.kind) {
    case "text":
      return textItem(output.stream, output.text);
    case "data":
      return new vscode.NotebookCellOutputItem(output.data, output.mimeType);
    case "error":
      return vscode.NotebookCellOutputItem.error(output.error);
  }
}

function textItem(stream: TextStream, text: string): vscode.NotebookCellOutputItem {
  return stream === "stderr"
    ? vscode.NotebookCellOutputItem.stderr(text)
    : vscode.NotebookCellOutputItem.stdout(text);
}
