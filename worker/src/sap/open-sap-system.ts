import type { ManualServices } from "../odata/manual-services.ts";
import type { ServiceHint } from "../odata/service-hints.ts";
import { parseServicePattern } from "../odata/service-pattern.ts";
import { ConnectionPools } from "./connection-pools.ts";
import type { PoolSettings } from "./connection-pools.ts";
import { MetadataCompiler } from "./compile-metadata.ts";
import { isComplete } from "./load-directory.ts";
import type { Directory } from "./load-directory.ts";
import type { KnownModel } from "./fleet-models.ts";
import { SharedCache } from "./shared-cache.ts";
import type { SharedStore } from "./shared-store.ts";
import { silenceCloudSdk } from "./silence-cloud-sdk.ts";

export interface SapSettings {
  /** Names of the destinations that may be used; the first is the default one. */
  readonly destinations: readonly string[];
  readonly allowWrites: boolean;
  /** Globs or /regular expressions/; when there are none, every service is included. */
  readonly includePatterns: readonly string[];
  readonly excludePatterns: readonly string[];
  /** Ignores both patterns. */
  readonly allowAll: boolean;
  readonly maxServices: number;
  readonly pool: PoolSettings;
  readonly catalogTtlMs: number;
  readonly metadataTtlMs: number;
  readonly maxAnswerBytes: number;
  readonly read: ReadSettings;
  /** Services that no catalog lists. */
  readonly manualServices?: ManualServices;
  /** What this site knows about services, shown with them. */
  readonly hints?: readonly ServiceHint[];
}

/** How much one read may bring, and how much of it stands in one answer. */
export interface ReadSettings {
  readonly maxPages: number;
  readonly maxRows: number;
  readonly maxBytes: number;
  /** No further page is begun after it. */
  readonly timeBudgetMs: number;
  /** Longest list of rows in an answer; what does not fit is parked for `cursorTtlMs`. */
  readonly maxChars: number;
  readonly cursorTtlMs: number;
}

/** The SAP systems as a worker uses them: settings, connections, and what was learnt about services. */
export interface SapSystem {
  readonly settings: SapSettings;
  /** What the whole fleet shares; without it every worker stands alone. */
  readonly store: SharedStore | undefined;
  readonly connections: ConnectionPools;
  readonly directories: SharedCache<Directory>;
  readonly models: SharedCache<KnownModel>;
  readonly compiler: MetadataCompiler;
  /** Whether the patterns let a service be seen, by any of its names. */
  readonly admits: (names: readonly string[]) => boolean;
  /** Waits for requests in flight and closes all connections. */
  readonly close: () => Promise<void>;
}

/** An incomplete catalog is asked again soon, so that a short outage does not hide services for long. */
const incompleteTtlMs = 10_000;

/** Opens nothing until it is used. Throws on a pattern that is none. */
export function openSapSystem(settings: SapSettings, store?: SharedStore): SapSystem {
  silenceCloudSdk();
  const compiler = new MetadataCompiler();
  const connections = new ConnectionPools(settings.pool, settings.maxAnswerBytes);
  const included = compilePatterns(settings.includePatterns);
  const excluded = compilePatterns(settings.excludePatterns);
  const matches = (patterns: readonly RegExp[], names: readonly string[]) =>
    patterns.some((pattern) => names.some((name) => pattern.test(name)));
  return {
    settings,
    store,
    connections,
    directories: new SharedCache({
      maxEntries: 100,
      ttlMsOf: (directory) =>
        isComplete(directory) ? settings.catalogTtlMs : Math.min(settings.catalogTtlMs, incompleteTtlMs),
    }),
    models: new SharedCache({ maxEntries: 100, ttlMsOf: () => settings.metadataTtlMs }),
    admits: (names) =>
      settings.allowAll || ((included.length === 0 || matches(included, names)) && !matches(excluded, names)),
    compiler,
    close: async () => {
      await compiler.close();
      await connections.close();
    },
  };
}

function compilePatterns(patterns: readonly string[]): RegExp[] {
  return patterns.map((text) => {
    const pattern = parseServicePattern(text);
    if (typeof pattern === "string") throw new Error(`${text} ${pattern}`);
    return pattern;
  });
}
