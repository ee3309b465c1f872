import assert from "node:assert/strict";
import { shownMessage } from "../../../../src/completion/remote/shownMessages.js";

const link = "[Update](command:workbench.action.quit)";

describe("Messages of a session's language server", () => {
  it("are notifications without links", () => {
    for (const method of ["window/showMessage", "window/showMessageRequest"]) {
      const given = { jsonrpc: "2.0", method, params: { type: 1, message: link, actions: [{ title: "a" }] } };
      assert.deepEqual(shownMessage(given), {
        ...given,
        params: { ...given.params, message: "[Update]\u200b(command:workbench.action.quit)" },
      });
    }
  });

  it("are progress without icons", () => {
    const value = { kind: "begin", title: "$(zap) a\nb", message: "$(zap)", percentage: 1 };
    const given = { jsonrpc: "2.0", method: "$/progress", params: { token: "t", value } };
    assert.deepEqual(shownMessage(given), {
      ...given,
      params: { token: "t", value: { ...value, title: "$\u200b(zap) a b", message: "$\u200b(zap)" } },
    });
  });

  it("stay as they are where nobody shows them as they come", () => {
    const parts = { jsonrpc: "2.0", method: "$/progress", params: { token: "t", value: [{ title: link }] } };
    const answer = { jsonrpc: "2.0", id: 1, result: { message: link } };
    const log = { jsonrpc: "2.0", method: "window/logMessage", params: { message: link } };
    for (const message of [parts, answer, log]) {
      assert.equal(shownMessage(message), message);
    }
  });
});
