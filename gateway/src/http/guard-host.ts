import { validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";
import type { RequestHandler } from "express";
import { sendJsonRpcError } from "./send-json-rpc-error.ts";

/** Refuses requests addressed to another host or sent by a foreign page: the way in of DNS rebinding. */
export function guardHost(allowedHosts: readonly string[], allowedOrigins: readonly string[]): RequestHandler {
  const hosts = [...allowedHosts];
  const origins = [...allowedOrigins];
  return (req, res, next) => {
    const host = validateHostHeader(req.headers.host, hosts);
    const origin = validateOriginHeader(req.headers.origin, origins);
    const refusal = host.ok ? (origin.ok ? undefined : origin.message) : host.message;
    if (refusal === undefined) next();
    else sendJsonRpcError(res, 403, { code: -32000, message: refusal });
  };
}
