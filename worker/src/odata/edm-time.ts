/**
 * Dates and times as OData writes them. Outside they are ISO 8601; inside V2 a date-time in JSON is `/Date(ms)/`,
 * one with an offset `/Date(ms+minutes)/`, and a time of day is a duration such as `PT11H30M00S`.
 */

const isoDateTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;
const jsonDate = /^\/Date\((-?\d{1,15})([+-]\d{1,4})?\)\/$/;

interface Instant {
  /** Date and time to the second as if in UTC, in ms since 1970. */
  readonly ms: number;
  /** Digits of the fraction of a second, without trailing zeros. */
  readonly fraction: string;
}

/** `2026-01-31T00:00:00` for an ISO date or date-time; one with an offset is taken to UTC. Undefined for anything else. */
export function normalizeDateTime(text: string): string | undefined {
  const instant = parseIso(text);
  return instant && formatIso(instant);
}

/** `2026-01-31T00:00:00Z`; a date-time without an offset is taken as UTC. */
export function normalizeDateTimeOffset(text: string): string | undefined {
  const instant = parseIso(text);
  return instant && `${formatIso(instant)}Z`;
}

/** `2026-01-31`, also for a date-time at midnight. */
export function normalizeDate(text: string): string | undefined {
  const instant = parseIso(text);
  if (instant === undefined || instant.ms % 86_400_000 !== 0 || instant.fraction !== "") return undefined;
  return formatIso(instant).slice(0, 10);
}

/** `PT11H30M00S` for `11:30`, `11:30:00` or a duration. */
export function normalizeTime(text: string): string | undefined {
  const [, hour, minute, second = "00"] = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$/.exec(text) ?? [];
  if (hour !== undefined) return `PT${hour}H${minute}M${second}S`;
  return /^PT(?=\d)(\d{1,2}H)?(\d{1,2}M)?(\d{1,2}(\.\d+)?S)?$/.test(text) ? text : undefined;
}

/** `11:30:00`, also for `11:30` and for `PT11H30M`. */
export function normalizeTimeOfDay(text: string): string | undefined {
  const duration = /^PT(?=\d)(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})S)?$/.exec(text);
  if (duration !== null) {
    return normalizeTimeOfDay([1, 2, 3].map((part) => (duration[part] ?? "").padStart(2, "0")).join(":"));
  }
  const match = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,12})?)?$/.exec(text);
  return (match && (match[2] === undefined ? `${text}:00` : text)) || undefined;
}

/** The ISO form of `/Date(…)/`, with `Z` when it has an offset; undefined for any other text. */
export function isoOfJsonDate(text: string): string | undefined {
  const [, digits, offset] = jsonDate.exec(text) ?? [];
  const ms = Number(digits);
  if (digits === undefined || !isWithinYears(ms)) return undefined;
  const thousandths = ((ms % 1000) + 1000) % 1000;
  const fraction = thousandths === 0 ? "" : String(thousandths).padStart(3, "0").replace(/0+$/, "");
  return `${formatIso({ ms: ms - thousandths, fraction })}${offset === undefined ? "" : "Z"}`;
}

/** `/Date(ms)/` for what the normalizers return; undefined when milliseconds can't hold it. */
export function jsonDateOfIso(text: string): string | undefined {
  const instant = parseIso(text);
  if (instant === undefined || instant.fraction.length > 3) return undefined;
  const ms = instant.ms + Number(instant.fraction.padEnd(3, "0"));
  return `/Date(${ms}${text.endsWith("Z") ? "+0000" : ""})/`;
}

function parseIso(text: string): Instant | undefined {
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] =
    isoDateTime.exec(text) ?? [];
  if (year === undefined) return undefined;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${wall}Z`);
  // Date.parse takes the 31st of a shorter month for a day of the next one.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== wall) return undefined;
  const shifted = ms - offsetMs(zone);
  return isWithinYears(shifted) ? { ms: shifted, fraction: fraction.replace(/0+$/, "") } : undefined;
}

/** OData's dates lie between the years 1 and 9999. */
function isWithinYears(ms: number): boolean {
  return ms >= -62_135_596_800_000 && ms < 253_402_300_800_000;
}

function offsetMs(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function formatIso({ ms, fraction }: Instant): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, iso.indexOf("."))}${fraction === "" ? "" : `.${fraction}`}`;
}
