"use strict";
/**
 * Evaluates code as the console of a debugger does: `const` and `let` may be declared again, `await` works at the top
 * level, and names stay. V8 offers that through its inspector only.
 */
const inspector = require("node:inspector");
const vm = require("node:vm");

const RECEIVE = "__backendai_receive__";
const ENTER = "__backendai_enter__";

class Evaluator {
  #session = new inspector.Session();

  constructor() {
    this.#session.connect();
  }

  /**
   * Resolves to `{ value }` or `{ error }`. An endless loop ends at SIGINT with `{ interrupted: true }`: only code inside
   * `breakOnSigint` can be stopped by a signal, so the call into the inspector is wrapped in it.
   */
  async evaluate(expression) {
    let answer;
    hidden(ENTER, () => {
      answer = this.#post("Runtime.evaluate", { expression, replMode: true, awaitPromise: true });
    });
    try {
      new vm.Script(`${ENTER}()`).runInThisContext({ breakOnSigint: true });
    } catch (error) {
      return error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ? { interrupted: true } : { error };
    }
    const { result, exceptionDetails } = await answer;
    const value = await this.#valueOf(exceptionDetails?.exception ?? result);
    return exceptionDetails === undefined ? { value } : { error: value };
  }

  /** The value behind the inspector's description of it. */
  async #valueOf(remote) {
    if (remote.objectId === undefined) {
      return remote.unserializableValue === undefined
        ? remote.value
        : vm.runInThisContext(remote.unserializableValue);
    }
    let value;
    hidden(RECEIVE, (received) => (value = received));
    await this.#post("Runtime.callFunctionOn", {
      objectId: remote.objectId,
      functionDeclaration: `function () { ${RECEIVE}(this); }`,
    });
    await this.#post("Runtime.releaseObject", { objectId: remote.objectId });
    return value;
  }

  #post(method, parameters) {
    return new Promise((resolve, reject) => {
      this.#session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result)));
    });
  }
}

function hidden(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, enumerable: false, writable: true });
}

module.exports = { Evaluator, hidden };
