import type { ODataRequest } from "../odata/odata-message.ts";
import type { WriteContext } from "../odata/write-entity.ts";
import type { SandboxUser } from "./access.ts";
import type { Service } from "./service.ts";

/** A write that was carried out. */
export interface ExecutedWrite {
  readonly method: string;
  readonly service: string;
  readonly path: string;
  /** The entity that was written, as its canonical path. */
  readonly key: string | undefined;
  readonly headers: ODataRequest["headers"];
}

/** Which service a request goes to, and for whom. */
export interface CallContext {
  readonly service: Service;
  readonly user: SandboxUser;
  /** Absolute URL of the service as the client sees it. */
  readonly serviceUrl: string;
  readonly onWrite: (write: ExecutedWrite) => void;
}

/** The same, with the form in which this request is answered. */
export interface WriteCall extends CallContext {
  readonly form: WriteContext;
}
