import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundaryOf, readMultipart } from "./read-multipart.ts";

const headOf = (content: string) => `Content-Type: text/plain\r\nContent-Length: ${content.length}\r\n\r\n`;

function write(contents: readonly string[], boundary: string, head = headOf): string {
  return `${contents.map((it) => `--${boundary}\r\n${head(it)}${it}\r\n`).join("")}--${boundary}--\r\n`;
}

describe("readMultipart", () => {
  it("finds the contents again, whatever looks like a boundary in them, where their lengths are stated", () => {
    const lookalike = fc.constantFrom(
      "\r\n--b1",
      "\r\n--b1--\r\n",
      "--b1\r\n",
      "\n--b1\n",
      "\r\n--b12\r\n",
      "\r\n\r\n",
      "x",
    );
    const content = fc.array(fc.oneof(lookalike, fc.string()), { maxLength: 6 }).map((it) => bytesOf(it.join("")));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 5 }), (contents) => {
        const { parts, isClosed } = readMultipart(`preamble\r\n${write(contents, "b1")}epilogue`, "b1");
        expect(isClosed).toBe(true);
        expect(parts.map((part) => part.content)).toEqual(contents);
      }),
    );
  });

  it("needs no lengths where no content has a line with the boundary, and takes lone line feeds", () => {
    const content = fc
      .string()
      .map(bytesOf)
      .filter((it) => !/[\r\n]/.test(it));
    fc.assert(
      fc.property(fc.array(content), fc.constantFrom("\r\n", "\n"), (contents, lineBreak) => {
        const text = write(contents, "b=_1'?", () => "X: y\r\n\r\n").replaceAll("\r\n", lineBreak);
        expect(readMultipart(text, "b=_1'?").parts.map((part) => part.content)).toEqual(contents);
      }),
    );
  });

  it("never hangs and never throws, and says of a body that was cut off that it is not closed", () => {
    const text = write(["one", "two"], "b", () => "X: y\r\n\r\n");
    fc.assert(
      fc.property(fc.nat(text.length - 6), (length) => {
        expect(readMultipart(text.slice(0, length), "b").isClosed).toBe(false);
      }),
    );
    fc.assert(fc.property(fc.string(), fc.string(), (any, boundary) => void readMultipart(any, boundary)));
  });

  it("does not believe a length behind which no boundary follows", () => {
    const text = write(["one", "two"], "b", () => "Content-Length: 2\r\n\r\n");
    expect(readMultipart(text, "b").parts.map((part) => part.content)).toEqual(["one", "two"]);
  });

  it("unfolds headers and takes their names in any case", () => {
    const [part] = readMultipart("--b\r\nCONTENT-id: 7\r\nX-Long: one\r\n\ttwo\r\n  three\r\n\r\n\r\n--b--", "b").parts;
    expect(part?.headers).toEqual({ "content-id": "7", "x-long": "one two three" });
  });

  it("keeps nested parts together though their boundary begins like the outer one", () => {
    const inner = write(["a", "b"], "batch_1");
    const text = `--batch\r\nContent-Type: multipart/mixed; boundary="batch_1"\r\n\r\n${inner}\r\n${write(["last"], "batch")}`;
    const { parts } = readMultipart(text, "batch");
    expect(parts.map(({ content, parts: nested }) => nested?.parts.map((it) => it.content) ?? content)).toEqual([
      ["a", "b"],
      "last",
    ]);
  });

  it("ends nested parts that are not closed where the outer part ends", () => {
    const text = `--o\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\na\r\n--o\r\n\r\nb\r\n--o--`;
    const { parts } = readMultipart(text, "o");
    expect(parts[0]?.parts).toMatchObject({ isClosed: false, parts: [{ content: "a" }] });
    expect(parts[1]?.content).toBe("b");
  });
});

it.each([
  ["multipart/mixed; boundary=abc", "abc"],
  ['Multipart/Mixed; charset=utf-8; Boundary="a b;c"', "a b;c"],
  ["application/json", undefined],
  ["application/x; boundary=abc", undefined],
  [undefined, undefined],
])("boundaryOf takes from %j the boundary %j", (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary);
});

/** One character for each byte. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString("latin1");
}
