/** What a check found: `degraded` means that the instance can still do useful work. */
export type CheckStatus = "healthy" | "degraded" | "unhealthy" | "disabled";

export interface CheckResult {
  readonly status: CheckStatus;
  readonly [fact: string]: unknown;
}

/** Looks at one thing that the process depends on; rejecting or hanging counts as `onFailure`. */
export interface HealthCheck {
  readonly run: (signal: AbortSignal) => Promise<CheckResult>;
  readonly onFailure: "degraded" | "unhealthy";
}

export interface HealthReport {
  readonly status: "healthy" | "degraded" | "unhealthy";
  readonly timestamp: string;
  readonly instance: string;
  readonly version: string;
  readonly checks: Readonly<Record<string, CheckResult | NodeJS.MemoryUsage | number>>;
}

export interface HealthSubject {
  readonly instance: string;
  readonly version: string;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** Time limit of each check, in ms. */
  readonly checkTimeoutMs: number;
}

/** Runs all checks side by side; takes no longer than the time limit of one. */
export async function reportHealth(subject: HealthSubject): Promise<HealthReport> {
  const results = await Promise.all(
    Object.entries(subject.checks).map(
      async ([name, check]) => [name, await runWithinLimit(check, subject.checkTimeoutMs)] as const,
    ),
  );
  const statuses = results.map(([, result]) => result.status);
  return {
    status: statuses.includes("unhealthy") ? "unhealthy" : statuses.includes("degraded") ? "degraded" : "healthy",
    timestamp: new Date().toISOString(),
    instance: subject.instance,
    version: subject.version,
    checks: { ...Object.fromEntries(results), memory: process.memoryUsage(), uptime: process.uptime() },
  };
}

/** 503 tells the platform to stop routing here; a degraded instance still serves. */
export function httpStatusOf(report: HealthReport): 200 | 503 {
  return report.status === "unhealthy" ? 503 : 200;
}

async function runWithinLimit(check: HealthCheck, timeoutMs: number): Promise<CheckResult> {
  const signal = AbortSignal.timeout(timeoutMs);
  const expired = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true });
  });
  try {
    return await Promise.race([check.run(signal), expired]);
  } catch (error) {
    return { status: check.onFailure, error: error instanceof Error ? error.message : String(error) };
  }
}
