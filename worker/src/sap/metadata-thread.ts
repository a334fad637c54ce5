import { parentPort } from "node:worker_threads";
import { packModel } from "../odata/pack-model.ts";
import { parseMetadata } from "../odata/parse-metadata.ts";
import type { ThreadReply } from "./compile-metadata.ts";

/** The thread of `MetadataCompiler`: takes documents, answers with packed models. */
parentPort?.on("message", ({ id, xml }: { id: number; xml: string }) => {
  const model = parseMetadata(xml);
  const reply: ThreadReply = { id, outcome: model.ok ? { ok: true, value: packModel(model.value) } : model };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(reply);
});
