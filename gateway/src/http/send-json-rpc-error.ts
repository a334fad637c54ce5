import type { Response } from "express";

/** Answers with a JSON-RPC error; `id` is null where that of the request is not known (JSON-RPC 2.0 section 5). */
export function sendJsonRpcError(
  res: Response,
  httpStatus: number,
  error: { readonly code: number; readonly message: string },
  id: string | number | null = null,
): void {
  res.status(httpStatus).json({ jsonrpc: "2.0", error, id });
}
