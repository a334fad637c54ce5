/** Thrown while a document is parsed, and caught where parsing began; the message says what is wrong with it. */
export class RefusedDocument extends Error {}
