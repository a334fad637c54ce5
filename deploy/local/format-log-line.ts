/** Fields that every record has and that say nothing to a reader who sees the process's name. */
const known = new Set(["level", "written_at", "msg", "type", "err"]);

/** A log record as one short line: time, level, message, then its facts; a line that is no record stays as it is. */
export function formatLogLine(line: string): string {
  const record = parseRecord(line);
  if (record === undefined) return line;
  const { level, written_at: time, msg, err } = record;
  const facts = Object.entries(record)
    .filter(([name]) => !known.has(name) && !name.startsWith("component_"))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  if (isRecord(err)) facts.push(`error=${String(err.message)}`);
  const clock = typeof time === "string" ? time.slice(11, 23) : "";
  return [clock, String(level).padEnd(5), msg, ...facts].join(" ");
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && "msg" in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
