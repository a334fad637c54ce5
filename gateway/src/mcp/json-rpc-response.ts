/** An HTTP answer whose body is a JSON-RPC error; `id` is null where the request's is not known (JSON-RPC 2.0 section 5). */
export function jsonRpcErrorResponse(
  httpStatus: number,
  error: { readonly code: number; readonly message: string; readonly data?: unknown },
  facts: { readonly id?: string | number | null; readonly headers?: Record<string, string> } = {},
): Response {
  return Response.json(
    { jsonrpc: "2.0", error, id: facts.id ?? null },
    { status: httpStatus, ...(facts.headers !== undefined && { headers: facts.headers }) },
  );
}
