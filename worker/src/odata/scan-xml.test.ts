import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { sampleV2, sampleV4 } from "./fixtures/sample-metadata.ts";
import { RefusedDocument } from "./refused-document.ts";
import { scanXml } from "./scan-xml.ts";

describe("scanXml", () => {
  it.each([sampleV2, sampleV4])("tells of the same elements, attributes and texts as a general parser", (xml) => {
    expect(scanned(xml)).toEqual(parsedBySaxes(xml));
  });

  it("resolves entities, keeps CDATA as it is and makes one space of a line break in a value", () => {
    const xml = `<a b="&lt;&#x41;&#66;&quot;" c='1\n2' d=" "><![CDATA[<x>&amp;]]>t&amp;u<!-- - --></a>`;
    expect(scanned(xml)).toEqual([
      ["open", "a", { b: '<AB"', c: "1 2", d: " " }],
      ["text", "<x>&amp;"],
      ["text", "t&u"],
      ["close"],
    ]);
  });

  it("keeps a text of one character", () => {
    expect(scanned("<a>X</a>")).toEqual([["open", "a", {}], ["text", "X"], ["close"]]);
  });

  it.each([
    ["<a><b></a></b>", "unexpected close tag"],
    ["<a/><b/>", "only one root"],
    ['<a b="1" b="2"/>', "duplicate attribute"],
    ["<a b=1/>", "unquoted"],
    ["<a b/>", "without a value"],
    ['<a b="<"/>', "disallowed character"],
    ['<a b="1"c="2"/>', "unclosed tag"],
    ['<a b="', "unexpected end"],
    ["<a><1/></a>", "disallowed character in name"],
    ["<a>&nbsp;</a>", "undefined entity"],
    ["<a>&#0;</a>", "undefined entity"],
    ["<a>& b</a>", "undefined entity"],
    ["<a>&</a>", "undefined entity"],
    ["<a>\u0001</a>", "forbids"],
    ["<a><!-- -- --></a>", "two hyphens"],
    ["<a>]]></a>", "]]>"],
    ["<a/>text", "outside of root"],
    ["<a", "unclosed tag"],
    ["</a>", "unexpected close tag"],
  ])("refuses %j: %s", (xml, complaint) => {
    expect(() => scanXml(xml, silent)).toThrow(complaint);
  });

  it("refuses whatever damage a general parser refuses, and reads the rest alike", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("<", ">", '"', "'", "&", "&amp;", "]]>", "--", "<!--", "-->", "<![CDATA[", "<?x ?>", "/>", "</"),
    );
    const damaged = fc
      .tuple(fc.constantFrom(sampleV2, sampleV4), fc.nat(6_000), fc.nat(40), piece)
      .map(([xml, at, length, inserted]) => xml.slice(0, at) + inserted + xml.slice(at + length));
    fc.assert(
      fc.property(damaged, (xml) => {
        const own = attempt(() => scanned(xml));
        // It may refuse more than the other, but never reads what the other refuses.
        expect(own === "refused" ? "refused" : attempt(() => parsedBySaxes(xml))).toEqual(own);
      }),
      { numRuns: 1_500 },
    );
  });
});

type Event = readonly unknown[];

const silent = { open: () => undefined, text: () => undefined, close: () => undefined };

function scanned(xml: string): Event[] {
  const events: Event[] = [];
  scanXml(xml, {
    open: (name, attributes) => void events.push(["open", name, Object.fromEntries(attributes)]),
    text: (content) => void events.push(["text", content]),
    close: () => void events.push(["close"]),
  });
  return joined(events);
}

function parsedBySaxes(xml: string): Event[] {
  const events: Event[] = [];
  const parser = new SaxesParser({ xmlns: false as const });
  parser.on("doctype", () => {
    throw new RefusedDocument("document type");
  });
  parser.on("error", (error) => {
    throw new RefusedDocument(error.message);
  });
  parser.on("opentag", ({ name, attributes }) => void events.push(["open", name, { ...attributes }]));
  parser.on("text", (content) => void events.push(["text", content]));
  parser.on("cdata", (content) => void events.push(["text", content]));
  parser.on("closetag", () => void events.push(["close"]));
  parser.write(xml).close();
  return joined(events);
}

/** Parsers may cut texts where they like, and white space means nothing here. */
function joined(events: readonly Event[]): Event[] {
  return events
    .filter(([kind, content]) => kind !== "text" || String(content).trim() !== "")
    .map(([kind, ...rest]) => (kind === "text" ? [kind, String(rest[0])] : [kind, ...rest]));
}

function attempt(run: () => Event[]): Event[] | "refused" {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RefusedDocument)) throw error;
    return "refused";
  }
}
