import { AttributeList } from "./attribute-list.ts";
import type { Attributes } from "./declarations.ts";
import { RefusedDocument } from "./refused-document.ts";

/** Takes what stands in a document, in order; names as they are written, entities resolved. */
export interface XmlListener {
  readonly open: (name: string, attributes: Attributes) => void;
  readonly text: (content: string) => void;
  readonly close: () => void;
}

const validName = /^[\p{L}_:][\p{L}\p{M}\p{N}_:.·-]*$/u;
// oxlint-disable-next-line no-control-regex -- these are what XML forbids
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const xmlDeclaration =
  /^xml\s+version\s*=\s*(["'])1\.\d+\1(\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*$/;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const byteOrderMark = 0xfeff;
const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];
const [bang, doubleQuote, singleQuote, slash] = [0x21, 0x22, 0x27, 0x2f];
const [less, equals, greater, question] = [0x3c, 0x3d, 0x3e, 0x3f];

/** Names that were found to be valid, by a hash of their characters; the same few stand in all documents. */
const knownNames: (string | undefined)[] = Array.from({ length: 0x10_00 });
const noAttributes = new AttributeList();
const longestKnownName = 100;

/**
 * Reads an XML document in one pass and refuses what is not well-formed. It is strict where documents break on their way
 * and where they attack, and several times as fast as a general parser, since the document is in memory as a whole, has
 * no document type and its names repeat.
 * @throws RefusedDocument saying what is wrong and where.
 */
export function scanXml(xml: string, listener: XmlListener): void {
  const openNames: string[] = [];
  let hasRoot = false;
  let nextAmpersand = -1;
  let nextLine = -1;
  let hashOfName = 0;
  let tag = 0;
  /** In which tag a name with this hash was read last. */
  const tagOfName = new Int32Array(knownNames.length);
  let at = xml.charCodeAt(0) === byteOrderMark ? 1 : 0;

  const wrong = forbidden.exec(xml);
  if (wrong !== null) refuse(`a character that XML forbids`, wrong.index);
  if (!xml.isWellFormed()) refuse("half a character", 0);

  while (at < xml.length) {
    const start = xml.indexOf("<", at);
    readText(at, start === -1 ? xml.length : start);
    if (start === -1) break;
    const next = xml.charCodeAt(start + 1);
    if (next === slash) readClosingTag(start + 2);
    else if (next === bang) readMarkup(start);
    else if (next === question) readInstruction(start);
    else readOpeningTag(start + 1);
  }
  if (openNames.length > 0) refuse(`unclosed tag: ${openNames.at(-1)}`, xml.length);
  if (!hasRoot) refuse("document must contain a root element", xml.length);

  function readText(from: number, to: number): void {
    if (from === to) return;
    if (openNames.length === 0) {
      if (xml.slice(from, to).trim() !== "") refuse("text data outside of root node", from);
      return;
    }
    // Only white space stands between nearly all elements.
    if (isBlank(from, to)) return;
    const content = xml.slice(from, to);
    if (content.includes("]]>")) refuse("the string ]]> in text", from);
    listener.text(content.includes("&") ? resolveEntities(content, from) : content);
  }

  function readInstruction(start: number): void {
    at = endOf("?>", start + 2, "unclosed processing instruction");
    const content = xml.slice(start + 2, at - 2);
    const isFirst = start === 0 || (start === 1 && xml.charCodeAt(0) === byteOrderMark);
    const [target = ""] = content.split(/\s/, 1);
    if (target.toLowerCase() === "xml" ? !isFirst || !xmlDeclaration.test(content) : !validName.test(target))
      refuse("malformed processing instruction", start);
  }

  function readMarkup(start: number): void {
    if (xml.startsWith("<!--", start)) {
      at = endOf("-->", start + 4, "unclosed comment");
      if (xml.slice(start + 4, at - 3).includes("--")) refuse("two hyphens in a comment", start);
    } else if (xml.startsWith("<![CDATA[", start)) {
      if (openNames.length === 0) refuse("text data outside of root node", start);
      at = endOf("]]>", start + 9, "unclosed CDATA section");
      listener.text(xml.slice(start + 9, at - 3));
    } else if (xml.startsWith("<!DOCTYPE", start)) {
      throw new RefusedDocument("it declares a document type, which service descriptions never do");
    } else refuse("disallowed markup", start);
  }

  function readClosingTag(from: number): void {
    const end = xml.indexOf(">", from);
    if (end === -1) refuse("unclosed tag", from);
    const expected = openNames.pop();
    const name = xml.slice(from, end);
    if (name !== expected && name.trimEnd() !== expected) refuse(`unexpected close tag: ${name.slice(0, 80)}`, from);
    at = end + 1;
    listener.close();
  }

  function readOpeningTag(from: number): void {
    if (hasRoot && openNames.length === 0) refuse("documents may contain only one root", from);
    const name = readName(from);
    let position = from + name.length;
    let attributes: AttributeList | undefined;
    tag += 1;
    for (;;) {
      const before = position;
      position = skipBlank(position);
      const code = xml.charCodeAt(position);
      if (code === greater || code === slash) break;
      if (position === before) refuse(`unclosed tag: ${name}`, position);
      attributes ??= new AttributeList();
      position = readAttribute(position, attributes);
    }
    const nextTag = xml.indexOf("<", from);
    if (nextTag !== -1 && nextTag < position) refuse(`disallowed character < in tag ${name}`, nextTag);
    const isEmpty = xml.charCodeAt(position) === slash;
    if (isEmpty && xml.charCodeAt(position + 1) !== greater) refuse("forward-slash not followed by >", position);
    at = position + (isEmpty ? 2 : 1);
    hasRoot = true;
    listener.open(name, attributes ?? noAttributes);
    if (isEmpty) listener.close();
    else openNames.push(name);
  }

  /** Puts one attribute into the record and returns where it ends. */
  function readAttribute(from: number, attributes: AttributeList): number {
    const name = readName(from);
    let position = skipBlank(from + name.length);
    if (xml.charCodeAt(position) !== equals) refuse(`attribute ${name} without a value`, position);
    position = skipBlank(position + 1);
    const quote = xml.charCodeAt(position);
    if (quote !== doubleQuote && quote !== singleQuote) refuse(`unquoted value of ${name}`, position);
    const start = position + 1;
    const end = xml.indexOf(quote === doubleQuote ? '"' : "'", start);
    if (end === -1) refuse(`unexpected end in the value of ${name}`, start);
    const value = xml.slice(start, end);
    nextAmpersand = nextOf("&", nextAmpersand, start);
    nextLine = nextOf("\n", nextLine, start);
    const isPlain = nextAmpersand > end && nextLine > end;
    // Names of one hash in one tag may be the same name.
    if (tagOfName[hashOfName] === tag && attributes.has(name)) refuse(`duplicate attribute: ${name}`, from);
    tagOfName[hashOfName] = tag;
    attributes.add(name, isPlain ? value : resolveEntities(value.replaceAll(/\r?\n/g, " "), start));
    return end + 1;
  }

  /** Names repeat; one that was read before is neither copied nor checked again. */
  function readName(from: number): string {
    let hash = 0;
    let to = from;
    for (; to < xml.length; to += 1) {
      const code = xml.charCodeAt(to);
      if (code <= greater && (code === equals || code >= less || code === slash || isSpace(code))) break;
      hash = (hash * 31 + code) & 0xf_ff;
    }
    hashOfName = hash;
    const known = knownNames[hash];
    if (known !== undefined && known.length === to - from && sameAt(known, from)) return known;
    // As the key of a record a name becomes one that compares by its address.
    const [name = ""] = Object.keys({ [xml.slice(from, to)]: true });
    if (!validName.test(name)) refuse(`disallowed character in name ${JSON.stringify(name.slice(0, 80))}`, from);
    if (name.length <= longestKnownName) knownNames[hash] = name;
    return name;
  }

  /** Where a character comes next, of which the position found last is known. */
  function nextOf(character: string, known: number, from: number): number {
    if (known >= from) return known;
    const found = xml.indexOf(character, from);
    return found === -1 ? Infinity : found;
  }

  function sameAt(name: string, from: number): boolean {
    for (let index = 0; index < name.length; index += 1)
      if (name.charCodeAt(index) !== xml.charCodeAt(from + index)) return false;
    return true;
  }

  function skipBlank(from: number): number {
    let position = from;
    while (isSpace(xml.charCodeAt(position))) position += 1;
    return position;
  }

  function isBlank(from: number, to: number): boolean {
    return skipBlank(from) >= to;
  }

  function endOf(terminator: string, from: number, complaint: string): number {
    const found = xml.indexOf(terminator, from);
    if (found === -1) refuse(complaint, from);
    return found + terminator.length;
  }

  function resolveEntities(content: string, from: number): string {
    return content.replaceAll(/&([^;&]*)(;?)/g, (_reference, name: string, end: string) => {
      const digits = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name);
      const code = digits === null ? -1 : digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
      const isCharacter = code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff);
      const character = isCharacter ? String.fromCodePoint(code) : entities[name];
      if (end === "" || character === undefined || forbidden.test(character))
        refuse(`undefined entity &${name.slice(0, 80)}`, from);
      return character;
    });
  }

  function refuse(complaint: string, position: number): never {
    const line = xml.slice(0, position).split("\n").length;
    const column = position - xml.lastIndexOf("\n", position - 1);
    const end = position >= xml.length ? "unexpected end, " : "";
    throw new RefusedDocument(`${line}:${column}: ${end}${complaint}`);
  }
}

function isSpace(code: number): boolean {
  return code === space || code === lineFeed || code === carriageReturn || code === tab;
}
