/** Stands for the SAP system where only a path is wanted; nothing is ever sent there. */
const placeholder = "http://sap.invalid";

/**
 * The path of a link that SAP sent, relative to the destination's URL; `base` is the path that a relative link starts from.
 * Host and port are dropped, whatever they are, so that no answer can lead a request elsewhere. Undefined for what is no link.
 */
export function pathOfLink(
  link: string,
  base: { readonly destinationPath: string; readonly requestPath: string },
): string | undefined {
  const start = `${placeholder}${base.destinationPath}${base.requestPath}`;
  if (!URL.canParse(link, start)) return undefined;
  const url = new URL(link, start);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  // A path that begins with two slashes would be taken for a host.
  const path = `/${url.pathname.replace(/^\/+/, "")}`;
  const isInside = base.destinationPath !== "" && path.startsWith(`${base.destinationPath}/`);
  return `${isInside ? path.slice(base.destinationPath.length) : path}${url.search}`;
}
