/** The items between separators that stand outside of parentheses and quotes; undefined when one of these is not closed. */
export function splitOutsideParentheses(text: string, separator = ","): string[] | undefined {
  const items: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at];
    if (character === "'") quoted = !quoted;
    else if (character === undefined || (character === separator && depth === 0 && !quoted)) {
      items.push(text.slice(start, at).trim());
      start = at + 1;
    } else if (!quoted && character === "(") depth += 1;
    else if (!quoted && character === ")") depth -= 1;
    if (depth < 0) return undefined;
  }
  return depth === 0 && !quoted ? items.filter((item) => item !== "") : undefined;
}
