import type { AnnotationDeclaration, AnnotationValue, Attributes } from "./declarations.ts";

/** An element that is open, and what its children may do. */
export interface Frame {
  /** Local name, where children ask for it. */
  readonly name?: string;
  /** What an annotation inside this element speaks of. */
  readonly target?: string;
  /** Where the value of a child element goes: into an annotation, a collection, or a property of a record. */
  readonly annotation?: AnnotationDeclaration;
  readonly list?: AnnotationValue[];
  readonly record?: Map<string, AnnotationValue>;
  readonly property?: string;
  /** The content so far of an element that is a simple value, and whose value it is. */
  text?: string;
  readonly parent?: Frame;
}

export type Opener = (attributes: Attributes, parent: Frame | undefined) => Frame | void;

/** Terms that the model knows, without their vocabulary; the many others, mostly of user interfaces, are passed over. */
const terms = new Set(
  [
    "Label QuickInfo Description LongDescription Text IsUpperCase ISOCurrency Unit FieldControl Computed Immutable",
    "ValueList ValueListReferences ValueListWithFixedValues DraftRoot DraftNode OptimisticConcurrency OptionalParameter",
    "InsertRestrictions ReadRestrictions UpdateRestrictions DeleteRestrictions SearchRestrictions CountRestrictions",
    "FilterRestrictions SortRestrictions DeepInsertSupport TopSupported SkipSupported ApplySupported",
  ].flatMap((line) => line.split(" ")),
);

const simpleValues = ["String", "Bool", "EnumMember", "Path", "PropertyPath", "NavigationPropertyPath", "Int"];

/** Openers of the elements that annotations and documentation are made of. */
export function annotationOpeners(found: AnnotationDeclaration[]): Readonly<Record<string, Opener>> {
  const openDocumentation =
    (term: string): Opener =>
    (_attributes, parent) => {
      if (parent?.name !== "Documentation" || parent.target === undefined) return;
      const annotation = { target: parent.target, term, value: "" };
      found.push(annotation);
      return { text: "", parent: { annotation } };
    };
  return {
    Annotations: (attributes) => ({ target: attributes.get("Target") ?? "" }),
    Annotation: (attributes, parent) => {
      const term = attributes.get("Term") ?? "";
      if (parent?.target === undefined || !terms.has(term.slice(term.lastIndexOf(".") + 1))) return;
      const annotation = { target: parent.target, term, value: simpleValueOf(attributes) };
      found.push(annotation);
      return { annotation };
    },
    Record: (_attributes, parent) => {
      if (parent === undefined) return;
      const record = new Map<string, AnnotationValue>();
      if (deliver(parent, record)) return { record };
    },
    PropertyValue: (attributes, parent) => {
      // The record itself has no property: only what stands in it directly goes into it.
      if (parent?.record === undefined || parent.property !== undefined) return;
      const property = attributes.get("Property") ?? "";
      parent.record.set(property, simpleValueOf(attributes));
      return { record: parent.record, property };
    },
    Collection: (_attributes, parent) => {
      const list: AnnotationValue[] = [];
      if (deliver(parent, list)) return { list };
    },
    Documentation: (_attributes, parent) =>
      parent?.target === undefined ? undefined : { name: "Documentation", target: parent.target },
    Summary: openDocumentation("Org.OData.Core.V1.Description"),
    LongDescription: openDocumentation("Org.OData.Core.V1.LongDescription"),
    ...Object.fromEntries(simpleValues.map((name) => [name, openSimpleValue])),
  };
}

/** To be called for each element that ends. */
export function closeFrame(frame: Frame | undefined): void {
  if (frame?.text !== undefined) deliver(frame.parent, frame.text.trim());
}

/** Hands a value to the element that it stands in; false when that takes none. */
function deliver(frame: Frame | undefined, value: AnnotationValue): boolean {
  if (frame?.annotation !== undefined) frame.annotation.value = value;
  else if (frame?.list !== undefined) frame.list.push(value);
  else if (frame?.record !== undefined && frame.property !== undefined) frame.record.set(frame.property, value);
  else return false;
  return true;
}

function openSimpleValue(_attributes: Attributes, parent: Frame | undefined): Frame | undefined {
  return parent === undefined ? undefined : { text: "", parent };
}

/** The value in an attribute; a term or property without a value is true. */
function simpleValueOf(attributes: Attributes): string {
  for (const name of simpleValues) {
    const value = attributes.get(name);
    if (value !== undefined) return value;
  }
  return "true";
}
