import { randomBytes } from "node:crypto";

interface Session {
  readonly user: string;
  readonly token: string;
  lastUsedAt: number;
}

const idleLimitMs = 30 * 60_000;
const maxSessions = 50_000;

/** Sessions by cookie, each with the one CSRF token that is good in it. */
export class CsrfSessions {
  readonly #cookieName: string;
  readonly #sessions = new Map<string, Session>();

  constructor(client: string) {
    this.#cookieName = `SAP_SESSIONID_S4H_${client}`;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The token of the client's session; `cookies` are to be set when the session is a new one. */
  fetchToken(cookieHeader: string | undefined, user: string): { token: string; cookies: readonly string[] } {
    const known = this.#find(cookieHeader, user);
    if (known !== undefined) return { token: known.token, cookies: [] };
    const id = randomBytes(24).toString("base64url");
    const session = { user, token: `${randomBytes(16).toString("base64url")}==`, lastUsedAt: Date.now() };
    this.#sessions.set(id, session);
    if (this.#sessions.size > maxSessions) this.#sessions.delete(this.#sessions.keys().next().value as string);
    return { token: session.token, cookies: [`${this.#cookieName}=${id}; path=/; HttpOnly`] };
  }

  /** Whether the token is the one of the session that the cookie names. */
  accepts(cookieHeader: string | undefined, token: string | undefined, user: string): boolean {
    const session = this.#find(cookieHeader, user);
    return session !== undefined && token === session.token;
  }

  expireAll(): void {
    this.#sessions.clear();
  }

  #find(cookieHeader: string | undefined, user: string): Session | undefined {
    const id = cookieHeader
      ?.split(/; */)
      .find((pair) => pair.startsWith(`${this.#cookieName}=`))
      ?.slice(this.#cookieName.length + 1);
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session === undefined || session.user !== user || Date.now() - session.lastUsedAt > idleLimitMs)
      return undefined;
    session.lastUsedAt = Date.now();
    return session;
  }
}
