/** The cookies of one connection. All of them go to one host, so path and domain need no looking at. */
export class CookieJar {
  readonly #values = new Map<string, string>();

  /** Takes the Set-Cookie headers of an answer. */
  take(headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = "", ...attributes] = header.split(";");
      const equals = pair.indexOf("=");
      if (equals < 1) continue;
      const name = pair.slice(0, equals).trim();
      if (attributes.some(isExpiry)) this.#values.delete(name);
      else this.#values.set(name, pair.slice(equals + 1).trim());
    }
  }

  /** Value of the Cookie header; undefined without cookies. */
  header(): string | undefined {
    return this.#values.size === 0
      ? undefined
      : [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

/** Whether an attribute says that the cookie is over. */
function isExpiry(attribute: string): boolean {
  const [name = "", value = ""] = attribute.split("=").map((it) => it.trim());
  if (name.toLowerCase() === "max-age") return Number(value) <= 0;
  return name.toLowerCase() === "expires" && Date.parse(value) <= Date.now();
}
