interface Refusal {
  readonly status: number;
  /** SAP's message codes, as the V2 and the V4 side of SAP Gateway send them. */
  readonly v2: string;
  readonly v4: string;
}

/** The ways in which the gateway itself refuses a request. */
const refusals = {
  "bad-syntax": { status: 400, v2: "/IWFND/CM_MGW/096", v4: "/IWBEP/CM_V4_PARSER/002" },
  "bad-key": { status: 400, v2: "/IWFND/CM_MGW/104", v4: "/IWBEP/CM_V4_PARSER/010" },
  "bad-value": { status: 400, v2: "/IWFND/CM_MGW/011", v4: "/IWBEP/CM_V4_PARSER/020" },
  "bad-option": { status: 400, v2: "/IWFND/CM_MGW/094", v4: "/IWBEP/CM_V4_RUNTIME/016" },
  "unknown-property": { status: 400, v2: "/IWFND/CM_MGW/129", v4: "/IWBEP/CM_V4_RUNTIME/035" },
  "bad-payload": { status: 400, v2: "/IWFND/CM_MGW/022", v4: "/IWBEP/CM_V4_RUNTIME/011" },
  "unknown-segment": { status: 404, v2: "/IWFND/CM_MGW/051", v4: "/IWFND/CM_V4_MED/051" },
  "no-entity": { status: 404, v2: "/IWBEP/CM_MGW_RT/020", v4: "/IWBEP/CM_V4_APPS/002" },
  "no-service": { status: 403, v2: "/IWFND/MED/170", v4: "/IWFND/MED/170" },
  forbidden: { status: 403, v2: "/IWBEP/CM_MGW_RT/021", v4: "/IWBEP/CM_V4_RUNTIME/057" },
  "method-not-allowed": { status: 405, v2: "/IWFND/CM_MGW/405", v4: "/IWBEP/CM_V4_RUNTIME/013" },
  exists: { status: 400, v2: "/IWBEP/CM_MGW_RT/022", v4: "/IWBEP/CM_V4_RUNTIME/022" },
  stale: { status: 412, v2: "/IWBEP/CM_MGW_RT/190", v4: "/IWBEP/CM_V4_RUNTIME/021" },
  "no-precondition": { status: 428, v2: "/IWFND/CM_MGW/557", v4: "/IWBEP/CM_V4_RUNTIME/052" },
  "bad-media-type": { status: 415, v2: "/IWFND/CM_MGW/415", v4: "/IWBEP/CM_V4_RUNTIME/015" },
  defect: { status: 500, v2: "/IWBEP/CM_MGW_RT/000", v4: "/IWBEP/CM_V4_RUNTIME/000" },
} as const satisfies Record<string, Refusal>;

export type RefusalKind = keyof typeof refusals;

/** Thrown wherever a request turns out to be wrong; answered in SAP's envelope. */
export class SapError extends Error {
  override readonly name = "SapError";
  readonly refusal: Refusal;
  readonly target: string | undefined;

  constructor(refusal: Refusal, message: string, target?: string) {
    super(message);
    this.refusal = refusal;
    this.target = target;
  }
}

export function refuse(kind: RefusalKind, message: string, target?: string): SapError {
  return new SapError(refusals[kind], message, target);
}

/** The application says no, with a message of its own message class, such as `V1/555`. */
export function refuseBusiness(code: string, message: string, target?: string): SapError {
  return new SapError({ status: 400, v2: code, v4: code }, message, target);
}
