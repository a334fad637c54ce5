import { createRandom } from "../data/random.ts";

/** A disturbance of the sandbox. Times are in ms. */
export interface FaultRule {
  readonly latencyMs?: number;
  /** Up to so much more, evenly spread. */
  readonly jitterMs?: number;
  /** Share of the requests that fail, 0 to 1; all of them when a way to fail is given without it. */
  readonly failRate?: number;
  readonly failStatus?: number;
  /** The failure is an HTML page, as a web dispatcher sends it. */
  readonly html?: boolean;
  readonly retryAfterSeconds?: number;
  /** The request is never answered. */
  readonly hang?: boolean;
  /** The connection is closed instead of an answer. */
  readonly closeSocket?: boolean;
  /** The request is carried out before it fails: the client cannot know. */
  readonly afterExecution?: boolean;
  /** Part of the path and query that a request must have; any request when absent. */
  readonly matching?: string;
  /** Requests that are disturbed before the rule is spent. */
  readonly times?: number;
}

/** What happens to one request. */
export interface Disturbance {
  readonly delayMs: number;
  readonly failure: FaultRule | undefined;
}

const undisturbed: Disturbance = { delayMs: 0, failure: undefined };

/** The rules in force; of those that match, the newest decides. */
export class Faults {
  #rules: { rule: FaultRule; remaining: number }[] = [];
  readonly #random = createRandom(7);

  /** Takes the place of a rule that matches the same. */
  add(rule: FaultRule): void {
    this.#rules = [
      { rule, remaining: rule.times ?? Infinity },
      ...this.#rules.filter((other) => other.rule.matching !== rule.matching),
    ];
  }

  clear(): void {
    this.#rules = [];
  }

  list(): readonly FaultRule[] {
    return this.#rules.map(({ rule }) => rule);
  }

  disturb(url: string): Disturbance {
    if (this.#rules.length === 0) return undisturbed;
    const found = this.#rules.find(({ rule }) => rule.matching === undefined || url.includes(rule.matching));
    if (found === undefined) return undisturbed;
    const { rule } = found;
    const canFail =
      rule.failRate !== undefined ||
      rule.failStatus !== undefined ||
      rule.html === true ||
      rule.hang === true ||
      rule.closeSocket === true;
    const fails = canFail && this.#random() < (rule.failRate ?? 1);
    // A rule of failures is spent by failures, one of delays by delays.
    if ((fails || !canFail) && --found.remaining <= 0) this.#rules = this.#rules.filter((other) => other !== found);
    return {
      delayMs: (rule.latencyMs ?? 0) + this.#random() * (rule.jitterMs ?? 0),
      failure: fails ? rule : undefined,
    };
  }
}
