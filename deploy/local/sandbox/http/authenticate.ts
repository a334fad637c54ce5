import type { SandboxUser } from "../services/access.ts";

/** The user behind an Authorization header. Without configured users everybody may come in, under the name they give. */
export function authenticate(header: string | undefined, users: readonly SandboxUser[]): SandboxUser | undefined {
  const [scheme = "", credentials = ""] = header?.split(" ") ?? [];
  if (scheme.toLowerCase() === "bearer") {
    const name = nameInToken(credentials);
    return users.length === 0 ? { name } : users.find((user) => user.name === name);
  }
  const [name = "", ...password] = Buffer.from(credentials, "base64").toString().split(":");
  if (users.length === 0) return { name: name === "" ? "ANONYMOUS" : name };
  return users.find((user) => user.name === name && (user.password ?? "") === password.join(":"));
}

/** The user that a JWT names; it is not verified, as nothing here is worth protecting. */
function nameInToken(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<
      string,
      unknown
    >;
    const name = claims["user_name"] ?? claims["email"] ?? claims["sub"];
    return typeof name === "string" ? name : "BEARER";
  } catch {
    return "BEARER";
  }
}
