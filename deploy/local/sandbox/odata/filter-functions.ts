import type { FieldKind, Value } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import type { Operand } from "./compile-filter.ts";
import { refuse } from "./sap-error.ts";

interface FilterFunction {
  readonly versions: readonly ODataVersion[];
  readonly parameters: readonly (readonly FieldKind[])[];
  readonly result: FieldKind;
  /** Called with values that are not null. */
  readonly apply: (...args: never[]) => Value;
}

const both: readonly ODataVersion[] = ["V2", "V4"];
const text: readonly FieldKind[] = ["string"];
const dated: readonly FieldKind[] = ["date", "timestamp"];

const functions: Readonly<Record<string, FilterFunction>> = {
  substringof: {
    versions: ["V2"],
    parameters: [text, text],
    result: "boolean",
    apply: (part: string, whole: string) => whole.includes(part),
  },
  contains: {
    versions: ["V4"],
    parameters: [text, text],
    result: "boolean",
    apply: (whole: string, part: string) => whole.includes(part),
  },
  startswith: {
    versions: both,
    parameters: [text, text],
    result: "boolean",
    apply: (whole: string, part: string) => whole.startsWith(part),
  },
  endswith: {
    versions: both,
    parameters: [text, text],
    result: "boolean",
    apply: (whole: string, part: string) => whole.endsWith(part),
  },
  tolower: { versions: both, parameters: [text], result: "string", apply: (whole: string) => whole.toLowerCase() },
  toupper: { versions: both, parameters: [text], result: "string", apply: (whole: string) => whole.toUpperCase() },
  trim: { versions: both, parameters: [text], result: "string", apply: (whole: string) => whole.trim() },
  length: { versions: both, parameters: [text], result: "int32", apply: (whole: string) => whole.length },
  year: { versions: both, parameters: [dated], result: "int32", apply: (moment: Value) => partOf(moment, 0, 4) },
  month: { versions: both, parameters: [dated], result: "int32", apply: (moment: Value) => partOf(moment, 5, 7) },
  day: { versions: both, parameters: [dated], result: "int32", apply: (moment: Value) => partOf(moment, 8, 10) },
};

/** @throws SapError for a function that this version of OData does not have, or arguments that do not fit. */
export function compileCall(name: string, args: readonly Operand[], version: ODataVersion): Operand {
  const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (called === undefined || !called.versions.includes(version)) {
    throw refuse("bad-syntax", `Function '${name}' is not supported in $filter of OData ${version}`, "$filter");
  }
  const fits =
    args.length === called.parameters.length &&
    called.parameters.every((kinds, at) => kinds.includes((args[at] as Operand).kind as FieldKind));
  if (!fits)
    throw refuse(
      "bad-value",
      `Arguments of function '${name}' do not fit: ${called.parameters.map((kinds) => kinds.join(" or ")).join(", ")} expected`,
    );
  const apply = called.apply as (...values: Value[]) => Value;
  return {
    kind: called.result,
    name,
    read: (scope) => {
      const values = args.map((arg) => arg.read(scope));
      return values.includes(null) ? null : apply(...values);
    },
  };
}

function partOf(moment: Value, from: number, to: number): number {
  return Number((typeof moment === "number" ? new Date(moment).toISOString() : String(moment)).slice(from, to));
}
