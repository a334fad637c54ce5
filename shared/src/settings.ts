import { z } from "zod";

/** Thrown when variables are missing or wrong; the message lists every one of them. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/**
 * Parses environment variables against a schema whose keys are their names. An empty variable counts as absent.
 * @throws SettingsError naming every wrong variable and what it must be.
 */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<Schema>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.join(".") || "settings";
    const absent = issue.code === "invalid_type" && issue.path.length === 1 && !(name in given);
    return `  ${name}: ${absent ? `is not set; ${issue.message}` : issue.message}`;
  });
  throw new SettingsError(`These settings are wrong:\n${lines.join("\n")}`);
}

/** `true`/`false`, `1`/`0`, `yes`/`no`, `on`/`off`. */
export const booleanSetting = z.stringbool();

/** A whole number in `[minimum, maximum]`. */
export function integerSetting(minimum: number, maximum: number) {
  return z.coerce.number({ error: "must be a whole number" }).int("must be a whole number").min(minimum).max(maximum);
}

/** A JSON array of strings, or one list with commas between its items. */
export const listSetting = z.string().transform((text, context) => {
  if (!text.trim().startsWith("[")) {
    return text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }
  const parsed = z.array(z.string()).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue("must be a JSON array of strings, or a list with commas");
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
