import { expect, it } from "vitest";
import { createLogger } from "./logger.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  write(createLogger({ component: "gateway", level: "info", instance: "2", stream }));
  return JSON.parse(lines[0] ?? "{}") as Record<string, unknown>;
}

it("writes the field names that SAP Cloud Logging knows", () => {
  expect(logged((log) => log.info({ correlation_id: "c", tenant_id: "t" }, "done"))).toMatchObject({
    level: "info",
    type: "log",
    msg: "done",
    written_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    component_type: "application",
    component_name: "gateway",
    component_instance: "2",
    correlation_id: "c",
    tenant_id: "t",
  });
});

it("redacts secrets down to the third level", () => {
  const line = logged((log) =>
    log.info({ token: "s1", headers: { authorization: "s2" }, err: { config: { password: "s3" } } }, "x"),
  );
  expect(JSON.stringify(line)).not.toMatch(/s1|s2|s3/);
  expect(line.token).toBe("[redacted]");
});
