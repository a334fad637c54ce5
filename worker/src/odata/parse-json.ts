/** Numbers of at least sixteen characters, the only ones that a double may fail to hold. */
const longNumber = /[:[,]\s*-?\d[\d.eE+-]{15,}/;

/** JSON in which no number loses a digit: one that a double can't hold becomes a string. Undefined for what is no JSON. */
export function parseJsonExactly(text: string): unknown {
  try {
    return longNumber.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  return context.source.length < 16 || String(value) === context.source ? value : context.source;
}
