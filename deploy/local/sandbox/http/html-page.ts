import { escapeXml } from "../odata/xml-text.ts";
import type { ODataAnswer } from "../odata/odata-message.ts";

/** A page as the ICF of SAP sends it where no service has the word. */
export function htmlPage(status: number, title: string, message: string): ODataAnswer {
  const body = `<!DOCTYPE html><html><head><title>${escapeXml(title)}</title><meta charset="utf-8"/></head><body class="errorPage"><h1>${escapeXml(title)}</h1><p>${escapeXml(message)}</p><p class="details">Server time: ${new Date().toUTCString()}</p></body></html>`;
  return { status, headers: { "content-type": "text/html;charset=utf-8" }, body };
}
