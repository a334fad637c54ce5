/** The result with further warnings, before its own. */
export function addWarnings<T extends { warnings?: string[] | undefined }>(result: T, warnings: readonly string[]): T {
  return warnings.length === 0 ? result : { ...result, warnings: [...warnings, ...(result.warnings ?? [])] };
}
