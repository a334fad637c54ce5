import { z } from "zod";

/** What a worker found out about a destination; kept in Redis, where gateways read it. */
export const destinationHealthSchema = z.object({
  status: z.enum(["healthy", "degraded"]),
  /** HTTP status of the probe's answer. */
  http_status: z.int().optional(),
  latency_ms: z.number().optional(),
  error: z.string().optional(),
  checked_at: z.string(),
});

export type DestinationHealth = z.output<typeof destinationHealthSchema>;
