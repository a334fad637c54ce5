import type { Database } from "../data/database.ts";
import type { Field, Row, Values } from "./field.ts";

export type ODataVersion = "V2" | "V4";

/** One typed description of a service, from which $metadata, keys, encoding and navigation are derived. */
export interface ServiceDefinition {
  /** Technical name, such as API_SALES_ORDER_SRV. */
  readonly id: string;
  readonly version: ODataVersion;
  /** Path of the service without a slash at its end. */
  readonly root: string;
  readonly namespace: string;
  readonly title: string;
  readonly entitySets: readonly EntitySetDefinition[];
  readonly operations: readonly OperationDefinition[];
  readonly complexTypes: readonly ComplexTypeDefinition[];
}

export interface EntitySetDefinition {
  readonly name: string;
  readonly typeName: string;
  readonly label: string;
  readonly table: string;
  readonly navigations: readonly NavigationDefinition[];
  readonly creatable: boolean;
  readonly updatable: boolean;
  readonly deletable: boolean;
  readonly searchable?: boolean;
  readonly aggregatable?: boolean;
  /** Entities are edited as drafts; IsActiveEntity is part of the key. */
  readonly draft?: boolean;
}

export interface NavigationDefinition {
  readonly name: string;
  readonly label: string;
  /** Entity set that it leads to. */
  readonly target: string;
  readonly many: boolean;
  /** Field here → field there. */
  readonly join: Readonly<Record<string, string>>;
  /** The key of the entity there, where fields that are equal do not say it. */
  readonly keyThere?: (values: Values) => Values;
}

export interface ComplexTypeDefinition {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly Field[];
}

/** A function import of V2; a function (GET) or an action (POST) of V4. */
export interface OperationDefinition {
  readonly name: string;
  readonly label: string;
  readonly method: "GET" | "POST";
  /** Entity set whose single entities it is bound to. V4 only. */
  readonly boundTo?: string;
  readonly parameters: readonly Field[];
  readonly returns?: OperationResultType;
  readonly run: (call: OperationCall) => OperationResult;
}

export type OperationResultType =
  | { readonly set: string; readonly many: boolean }
  | { readonly complexType: string; readonly many: boolean };

export interface OperationCall {
  readonly database: Database;
  readonly parameters: Values;
  /** The entity that a bound operation is called on. */
  readonly row: Row | undefined;
}

/** Rows of the set, or values of the complex type, that the operation returns. */
export type OperationResult = Row | Values | readonly Row[] | readonly Values[] | undefined;
