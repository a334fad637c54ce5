import type { Response } from "express";

/** Answers with a JSON-RPC error to a request whose id is not known. */
export function sendJsonRpcError(
  res: Response,
  httpStatus: number,
  error: { readonly code: number; readonly message: string },
): void {
  res.status(httpStatus).json({ jsonrpc: "2.0", error, id: null });
}
