// Runs in the extension host as it is, without a build.
const vscode = require("vscode");

const doneKey = "opened";

/** Brings into sight what a person came to see; once, so that a reload leaves the window as it was left. */
exports.activate = async (context) => {
  if (context.globalState.get(doneKey)) {
    return;
  }
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder) {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, "hello.py"), { preview: false });
  }
  await vscode.commands.executeCommand("workbench.view.extension.backendai");
  await context.globalState.update(doneKey, true);
};
