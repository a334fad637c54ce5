import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { httpStatusOf, reportHealth } from "@sap-mcp/shared/health.ts";
import type { HealthSubject } from "@sap-mcp/shared/health.ts";

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly subject: HealthSubject;
  readonly isReady: () => boolean;
}

/** Serves `/health`, `/health/live` and `/health/ready` of a process that has no other HTTP interface. */
export async function openHealthServer(
  stack: AsyncDisposableStack,
  options: HealthServerOptions,
): Promise<{ readonly port: number }> {
  const answers: Readonly<Record<string, () => Promise<{ status: number; body: unknown }>>> = {
    "/health": async () => {
      const report = await reportHealth(options.subject);
      return { status: httpStatusOf(report), body: report };
    },
    "/health/live": () => Promise.resolve({ status: 200, body: { status: "live" } }),
    "/health/ready": () => {
      const ready = options.isReady();
      return Promise.resolve({ status: ready ? 200 : 503, body: { status: ready ? "ready" : "not ready" } });
    },
  };
  const notFound = () => Promise.resolve({ status: 404, body: { error: "Not found. The health check is /health." } });
  const server = createServer((req, res) => {
    const answer = answers[(req.url ?? "").split("?", 1)[0] as string] ?? notFound;
    void answer().then(({ status, body }) => {
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  stack.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port };
}
