import { expect, it } from "vitest";
import { openSseStream } from "./sse-response.ts";

it("cuts off a client that does not read instead of buffering for it, and still delivers what waits", async () => {
  let gone = 0;
  const stream = openSseStream({}, () => {
    gone += 1;
  });
  const frame = `data: ${"x".repeat(400_000)}\n\n`;
  for (let times = 0; times < 10; times += 1) stream.write(frame);
  expect(gone).toBe(1);
  expect((await stream.response.text()).length).toBe(3 * frame.length);
});

it("delivers any amount to a client that reads", async () => {
  let gone = 0;
  const stream = openSseStream({}, () => {
    gone += 1;
  });
  const reader = (stream.response.body as ReadableStream<Uint8Array>).getReader();
  let bytes = 0;
  for (let times = 0; times < 10; times += 1) {
    stream.write("x".repeat(400_000));
    bytes += (await reader.read()).value?.length ?? 0;
  }
  stream.end();
  expect(bytes).toBe(4_000_000);
  expect(gone).toBe(0);
});
