import { z } from "zod";

/** On whose behalf a call runs. Travels with the job; nothing in it is taken from tool arguments. */
export const callerSchema = z.object({
  tenant: z.string().min(1),
  user: z.string().min(1),
  scopes: z.array(z.string()),
});

export type Caller = z.output<typeof callerSchema>;

/** One string per principal, for keys in Redis and in pools; injective, whatever the two names contain. */
export function principalOf(caller: Caller): string {
  return `${encodeURIComponent(caller.tenant)}/${encodeURIComponent(caller.user)}`;
}
