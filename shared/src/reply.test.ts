import { expect, it } from "vitest";
import { decodeReply, encodeReply } from "./reply.ts";
import type { ParkedReply, Reply } from "./reply.ts";

const replies: (Reply | ParkedReply)[] = [
  { kind: "started", callId: "a" },
  { kind: "progress", callId: "a", progress: { progress: 1, total: 3, message: "reading" } },
  { kind: "failed", callId: "a", failure: { kind: "not-found", message: "There is none.", sapCode: "X/001" } },
  { kind: "done", callId: "a", json: Buffer.from('{"a":"ä"}') },
  { kind: "parked", callId: "a" },
];
const fieldsOf = (reply: Reply | ParkedReply) => encodeReply(reply).map((field) => Buffer.from(field));

it.each(replies)("survives the way through the stream: $kind", (reply) => {
  expect(decodeReply(fieldsOf(reply))).toEqual(reply);
});

it("passes over an entry of a version that is not known yet", () => {
  expect(decodeReply(["kind", "of tomorrow", "call", "a"].map((text) => Buffer.from(text)))).toBeUndefined();
});
