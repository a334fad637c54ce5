/** What SAP answered; header names in lower case. */
export interface SapAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}
