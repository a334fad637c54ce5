import { afterEach, expect, it } from "vitest";
import { packModel } from "../odata/pack-model.ts";
import { parseMetadata } from "../odata/parse-metadata.ts";
import { sampleV2 } from "../odata/fixtures/sample-metadata.ts";
import { MetadataCompiler } from "./compile-metadata.ts";

const compiler = new MetadataCompiler();
const signal = AbortSignal.timeout(30_000);
/** So long that it goes to the thread. */
const large = sampleV2.replace("</edmx:Edmx>", `${" ".repeat(300_000)}</edmx:Edmx>`);

afterEach(() => compiler.close());

it("compiles a large document in its thread to the model that is compiled here", async () => {
  const [compiled, again] = await Promise.all([compiler.compile(large, signal), compiler.compile(large, signal)]);
  const here = parseMetadata(sampleV2);
  if (!compiled.ok || !here.ok) throw new Error("not compiled");
  expect(compiled.value.model).toEqual(here.value);
  expect(compiled.value.packed).toBe(packModel(here.value));
  expect(again.ok).toBe(true);
});

it("leaves the event loop free while a large document is compiled", async () => {
  const huge = sampleV2.replace("</Schema>", `${'<EntityType Name="E"><Key/></EntityType>'.repeat(40_000)}</Schema>`);
  await compiler.compile(large, signal);
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 1);
  const outcome = await compiler.compile(huge, signal);
  clearInterval(ticking);
  expect(outcome.ok).toBe(true);
  expect(turns).toBeGreaterThan(3);
});

it("refuses a large document that is cut off, with the reason", async () => {
  expect(await compiler.compile(large.slice(0, -20), signal)).toMatchObject({
    failure: { kind: "bad-answer", message: expect.stringContaining("unclosed tag") as string },
  });
});

it("gives a caller up at its deadline, answers the others, and starts anew after it was closed", async () => {
  const gone = compiler.compile(large, AbortSignal.abort());
  expect(await gone).toMatchObject({ failure: { kind: "cancelled" } });
  const interrupted = compiler.compile(large, signal);
  await compiler.close();
  expect(await interrupted).toMatchObject({ failure: { kind: "bad-answer" } });
  expect(await compiler.compile(large, signal)).toMatchObject({ ok: true });
});
