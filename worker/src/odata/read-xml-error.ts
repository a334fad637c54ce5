import { SaxesParser } from "saxes";
import type { SapError } from "./read-failure.ts";

/** The elements of `<error>` in SAP's XML: code, message, innererror/transactionid, errordetails. Reads as far as the document is sound. */
export function readXmlError(xml: string): SapError {
  const messages: string[] = [];
  const found: { code?: string; transactionid?: string } = {};
  const parser = new SaxesParser({ xmlns: false as const });
  let text = "";
  parser.on("opentag", () => {
    text = "";
  });
  parser.on("text", (content) => {
    text += content;
  });
  parser.on("closetag", ({ name }) => {
    if (name === "message") messages.push(text);
    if (name === "code" || name === "transactionid") found[name] ??= text.trim();
    text = "";
  });
  parser.on("error", stop);
  parser.on("doctype", stop);
  try {
    parser.write(xml).close();
  } catch (error) {
    if (!(error instanceof UnsoundXml)) throw error;
  }
  return { code: found.code, messages, transactionId: found.transactionid };
}

class UnsoundXml extends Error {}

function stop(): never {
  throw new UnsoundXml();
}
