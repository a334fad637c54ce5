import { httpStatusOf, reportHealth } from "@sap-mcp/shared/health.ts";
import type { HealthSubject } from "@sap-mcp/shared/health.ts";
import express from "express";
import type { Router } from "express";

/** `/health` for people and dashboards, `/health/live` for restarting, `/health/ready` for routing. */
export function healthRoutes(subject: HealthSubject, isReady: () => boolean): Router {
  const router = express.Router();
  router.get("/health", async (_req, res) => {
    const report = await reportHealth(subject);
    res.status(httpStatusOf(report)).json(report);
  });
  router.get("/health/live", (_req, res) => {
    res.json({ status: "live" });
  });
  router.get("/health/ready", (_req, res) => {
    const ready = isReady();
    res.status(ready ? 200 : 503).json({ status: ready ? "ready" : "not ready" });
  });
  return router;
}
