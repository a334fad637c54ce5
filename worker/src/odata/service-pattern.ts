/**
 * A pattern of ODATA_INCLUDE_PATTERNS or ODATA_EXCLUDE_PATTERNS: a glob such as `API_*`, or a regular expression
 * between slashes such as `/^Z.*_SRV$/i`. Globs do not tell upper from lower case. A string says what is wrong.
 */
export function parseServicePattern(text: string): RegExp | string {
  const [, source, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  if (source === undefined) return new RegExp(`^${text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, globPart)}$`, "i");
  try {
    // Without g and y, which make a regular expression remember where it stopped.
    return new RegExp(source, flags.replace(/[gy]/g, ""));
  } catch (error) {
    return `is no regular expression (${error instanceof Error ? error.message : String(error)})`;
  }
}

function globPart(character: string): string {
  if (character === "*") return ".*";
  return character === "?" ? "." : `\\${character}`;
}
