import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { toolNames } from "../../../src/platform/contributedIds.js";
import { allTools } from "../../../src/assistant/tools/allTools.js";
import { listFilesInput } from "../../../src/assistant/tools/listFiles.js";
import { listSessionsInput } from "../../../src/assistant/tools/listSessions.js";
import { readFileInput } from "../../../src/assistant/tools/readFile.js";
import { runCodeInput } from "../../../src/assistant/tools/runCode.js";
import { searchFilesInput } from "../../../src/assistant/tools/searchFiles.js";
import { startSessionInput } from "../../../src/assistant/tools/startSession.js";
import { tailLogInput } from "../../../src/assistant/tools/tailLog.js";

const schemas = {
  backendai_list_sessions: listSessionsInput,
  backendai_start_session: startSessionInput,
  backendai_run_code: runCodeInput,
  backendai_list_files: listFilesInput,
  backendai_read_file: readFileInput,
  backendai_search_files: searchFilesInput,
  backendai_tail_log: tailLogInput,
};

const Manifest = z.looseObject({
  contributes: z.looseObject({
    languageModelTools: z.array(
      z.looseObject({
        name: z.string(),
        toolReferenceName: z.string(),
        canBeReferencedInPrompt: z.literal(true),
        icon: z.string(),
        when: z.string(),
        modelDescription: z.string(),
        userDescription: z.string(),
        inputSchema: z.looseObject({
          properties: z.record(z.string(), z.looseObject({ type: z.unknown() })),
          required: z.optional(z.array(z.string())),
          additionalProperties: z.literal(false),
        }),
      }),
    ),
  }),
});

describe("Tools in package.json", () => {
  const { contributes } = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));
  const tools = contributes.languageModelTools;

  it("are those of the code", () => {
    assert.deepEqual(tools.map(({ name }) => name).sort(), [...toolNames].sort());
    assert.deepEqual(allTools.map(({ name }) => name).sort(), [...toolNames].sort());
    assert.deepEqual(Object.keys(schemas).sort(), [...toolNames].sort());
  });

  it("take what the code takes", () => {
    for (const { name, inputSchema } of tools) {
      const own = z.toJSONSchema(schemas[name as keyof typeof schemas]);
      const properties = own.properties as Record<string, { type?: string }>;
      assert.deepEqual(Object.keys(inputSchema.properties).sort(), Object.keys(properties).sort(), name);
      assert.deepEqual(inputSchema.required ?? [], own.required ?? [], name);
      for (const [key, { type }] of Object.entries(inputSchema.properties)) {
        assert.equal(type, properties[key]?.type, `${name}.${key}`);
      }
    }
  });

  it("are hidden where they or all chat features are switched off", () => {
    assert.deepEqual(
      [...new Set(tools.map(({ when }) => when))],
      ["config.backendai.assistant.enabled && !config.chat.disableAIFeatures"],
    );
  });
});
