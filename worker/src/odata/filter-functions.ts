import type { ODataVersion } from "./service-model.ts";

/** What an argument must be: the type of its literals, or undefined for any. */
type Argument = "Edm.String" | "Edm.Int32" | undefined;

export interface FilterFunction {
  readonly name: string;
  readonly versions: readonly ODataVersion[];
  readonly args: readonly Argument[];
  /** How many arguments may be left out at the end. */
  readonly optional: number;
  /** Type of the result; `same` is that of the first argument. */
  readonly result: string;
}

const both: readonly ODataVersion[] = ["V2", "V4"];
const text = "Edm.String";

const functions: readonly FilterFunction[] = [
  define("substringof", ["V2"], [text, text], "Edm.Boolean"),
  define("contains", ["V4"], [text, text], "Edm.Boolean"),
  define("matchesPattern", ["V4"], [text, text], "Edm.Boolean"),
  define("startswith", both, [text, text], "Edm.Boolean"),
  define("endswith", both, [text, text], "Edm.Boolean"),
  define("tolower", both, [text], text),
  define("toupper", both, [text], text),
  define("trim", both, [text], text),
  define("concat", both, [text, text], text),
  define("replace", ["V2"], [text, text, text], text),
  define("length", both, [text], "Edm.Int32"),
  define("indexof", both, [text, text], "Edm.Int32"),
  { ...define("substring", both, [text, "Edm.Int32", "Edm.Int32"], text), optional: 1 },
  ...["year", "month", "day", "hour", "minute", "second"].map((name) => define(name, both, [undefined], "Edm.Int32")),
  define("fractionalseconds", ["V4"], [undefined], "Edm.Decimal"),
  define("totaloffsetminutes", ["V4"], [undefined], "Edm.Int32"),
  define("totalseconds", ["V4"], [undefined], "Edm.Decimal"),
  define("date", ["V4"], [undefined], "Edm.Date"),
  define("time", ["V4"], [undefined], "Edm.TimeOfDay"),
  ...["now", "mindatetime", "maxdatetime"].map((name) => define(name, ["V4"], [], "Edm.DateTimeOffset")),
  ...["round", "floor", "ceiling"].map((name) => define(name, both, [undefined], "same")),
];

const byName = new Map(functions.map((it) => [it.name.toLowerCase(), it]));

/** The function of a name, in whatever case it is written. */
export function findFilterFunction(name: string): FilterFunction | undefined {
  return byName.get(name.toLowerCase());
}

export function filterFunctionsOf(version: ODataVersion): string[] {
  return functions.filter(({ versions }) => versions.includes(version)).map(({ name }) => name);
}

function define(
  name: string,
  versions: readonly ODataVersion[],
  args: readonly Argument[],
  result: string,
): FilterFunction {
  return { name, versions, args, optional: 0, result };
}
