import type { AnnotationDeclaration, AnnotationValue, Attributes } from "./declarations.ts";

/** An element that is open, and what its children may do. */
export interface Frame {
  /** Local name, where children ask for it. */
  readonly name?: string;
  /** What an annotation inside this element speaks of. */
  readonly target?: string;
  /** Takes the value that a child element has. */
  readonly accept?: (value: AnnotationValue) => void;
  /** Takes the properties of a record. */
  readonly record?: Record<string, AnnotationValue>;
  /** The content so far of an element that is a simple value. */
  text?: string;
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
  const declare = (target: string, term: string, value: AnnotationValue) => {
    const annotation = { target, term, value };
    found.push(annotation);
    return (later: AnnotationValue) => {
      annotation.value = later;
    };
  };
  const openDocumentation =
    (term: string): Opener =>
    (_attributes, parent) =>
      parent?.name === "Documentation" && parent.target !== undefined
        ? { text: "", accept: declare(parent.target, term, "") }
        : undefined;
  return {
    Annotations: (attributes) => ({ target: attributes.get("Target") ?? "" }),
    Annotation: (attributes, parent) => {
      const term = attributes.get("Term") ?? "";
      if (parent?.target === undefined || !terms.has(term.slice(term.lastIndexOf(".") + 1))) return;
      // A term without a value is true, as is a property without one.
      return { accept: declare(parent.target, term, simpleValueOf(attributes) ?? "true") };
    },
    Record: (_attributes, parent) => {
      if (parent?.accept === undefined) return;
      // Without a prototype no property name means anything to JavaScript.
      const record = Object.create(null) as Record<string, AnnotationValue>;
      parent.accept(record);
      return { record };
    },
    PropertyValue: (attributes, parent) => {
      const record = parent?.record;
      if (record === undefined) return;
      const property = attributes.get("Property") ?? "";
      record[property] = simpleValueOf(attributes) ?? "true";
      return {
        accept: (value) => {
          record[property] = value;
        },
      };
    },
    Collection: (_attributes, parent) => {
      if (parent?.accept === undefined) return;
      const list: AnnotationValue[] = [];
      parent.accept(list);
      return { accept: (value) => void list.push(value) };
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
  if (frame?.text !== undefined) frame.accept?.(frame.text.trim());
}

function openSimpleValue(_attributes: Attributes, parent: Frame | undefined): Frame | undefined {
  return parent?.accept === undefined ? undefined : { accept: parent.accept, text: "" };
}

function simpleValueOf(attributes: Attributes): string | undefined {
  const name = simpleValues.find((it) => attributes.has(it));
  return name === undefined ? undefined : attributes.get(name);
}
