/** What a folder must not import. Overrides replace each other, so every row below names all that its files are denied. */
interface Ban {
  readonly regex: string;
  readonly message: string;
  readonly importNames?: string[];
  readonly allowTypeImports?: boolean;
}

const gateway = ban(
  "^(@sap-mcp/gateway/|(\\.\\./)+gateway/)",
  "Only deploy and loadtest import the gateway by its name.",
);
const worker = ban("^(@sap-mcp/worker/|(\\.\\./)+worker/)", "Only deploy and loadtest import the worker by its name.");
const workshop = ban("^(@sap-mcp/|(\\.\\./)+)(deploy|loadtest)/", "The product knows nothing of deploy and loadtest.");
const bullmq = ban("^bullmq(/|$)", "Only gateway/src/jobs and worker/src/jobs know BullMQ.");
const express = ban("^express(/|$)", "Only gateway/src/http and gateway/src/app.ts know Express.");
const mcp = ban("^@modelcontextprotocol/", "Only the gateway's app.ts, http/ and mcp/ speak MCP.");
const cloudSdk = ban("^@sap-cloud-sdk/", "Only the worker's main.ts and sap/ use the Cloud SDK.");
const environment = ban("^(node:)?process$", "Only main.ts reads the environment, through readSettings.");
const ioModules = "fs|net|tls|http|http2|https|dgram|dns|child_process|cluster|worker_threads|os|readline|sqlite";
const io = ban(`^(ioredis|(node:)?(${ioModules})(/.*)?)$`, "worker/src/odata is pure: it does no I/O.");
const redis = {
  ...ban("^ioredis$", "Only main.ts and app.ts open connections; others are handed them."),
  allowTypeImports: true,
};
const opening = {
  ...ban("^@sap-mcp/shared/(redis-connection|run-service)\\.ts$", "Only main.ts and app.ts open things."),
  importNames: ["openRedis", "runService"],
};

/** A test may open connections, servers and files, whatever it stands beside. */
const liftedInTests: readonly Ban[] = [opening, redis, io];

const main = banUpward("main.ts");
const app = banUpward("app.ts");
const inGateway = [gateway, worker, workshop, cloudSdk, environment];
const inWorker = [gateway, worker, workshop, express, mcp, environment];
const handedOver = [opening, redis];

/** gateway: main → app → {http, mcp} → jobs. worker: main → app → jobs → sap → odata. shared knows neither. */
const arrows: readonly (readonly [files: string, ...bans: Ban[]])[] = [
  ["shared", gateway, worker, workshop, bullmq, express, mcp, cloudSdk, environment],
  ["gateway", worker, workshop],
  ["gateway/src", ...inGateway, ...handedOver, main, bullmq, express],
  ["gateway/src/main.ts", ...inGateway, bullmq, express],
  ["gateway/src/app.ts", ...inGateway, main, bullmq],
  ["gateway/src/http", ...inGateway, ...handedOver, main, app, banUpward("mcp/"), bullmq],
  ["gateway/src/mcp", ...inGateway, ...handedOver, main, app, banUpward("http/"), bullmq, express],
  ["gateway/src/jobs", ...inGateway, ...handedOver, main, app, banUpward("(http|mcp)/"), express, mcp],
  ["worker", gateway, workshop],
  ["worker/src", ...inWorker, ...handedOver, main, bullmq],
  ["worker/src/main.ts", ...inWorker, bullmq],
  ["worker/src/app.ts", ...inWorker, main, bullmq],
  ["worker/src/jobs", ...inWorker, ...handedOver, main, app],
  ["worker/src/sap", ...inWorker, ...handedOver, main, app, banUpward("jobs/"), bullmq],
  ["worker/src/odata", ...inWorker, opening, io, main, app, banUpward("(jobs|sap)/"), bullmq, cloudSdk],
];

export default {
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "node", "promise", "vitest"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  rules: {
    eqeqeq: "error",
    "max-lines": ["error", { max: 250 }],
    "max-params": ["error", { max: 4 }],
    "no-console": "error",
    "no-shadow": ["error", { allow: ["it"] }],
    "no-var": "error",
    "no-warning-comments": "error",
    "prefer-const": "error",
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "node/no-process-env": "error",
    "oxc/no-barrel-file": ["error", { threshold: 0 }],
    "typescript/consistent-type-imports": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-import-type-side-effects": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "unicorn/prefer-node-protocol": "error",
    "vitest/no-restricted-vi-methods": [
      "error",
      { mock: "Libraries are not mocked.", doMock: "Libraries are not mocked." },
    ],

    // Off, because each of these refuses what is meant: steps awaited one by one, MCP's own field _meta, assertions at
    // the seams of libraries, small helpers and copies; and TypeScript and Express 5 do the rest better.
    "no-await-in-loop": "off",
    "no-underscore-dangle": "off",
    "import/no-named-as-default-member": "off",
    "oxc/no-async-endpoint-handlers": "off",
    "oxc/no-map-spread": "off",
    "promise/always-return": "off",
    "typescript/consistent-return": "off",
    "typescript/no-unsafe-type-assertion": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/prefer-set-has": "off",
  },
  overrides: [
    ...arrows.flatMap(([files, ...bans]) => overridesOf(files, bans)),
    {
      files: ["**/main.ts", "**/*.config.ts", "deploy/**", "loadtest/**", "worker/corpus/**"],
      rules: { "node/no-process-env": "off" },
    },
    { files: ["**/*.config.ts"], rules: { "import/no-default-export": "off" } },
    { files: ["deploy/**", "loadtest/**", "worker/corpus/**"], rules: { "no-console": "off" } },
    // `export {}` is what makes a declaration file add to a module's types.
    { files: ["**/*.d.ts"], rules: { "unicorn/require-module-specifiers": "off" } },
  ],
};

function ban(regex: string, message: string): Ban {
  return { regex, message };
}

/** Forbids a file or folder that lies further up the arrows, however deep the importing file lies. */
function banUpward(path: string): Ban {
  return ban(
    `^(\\./|(\\.\\./)+)${path.replace(".ts", "\\.ts$")}`,
    `The arrows point the other way: this file must not know ${path}`,
  );
}

function overridesOf(path: string, bans: readonly Ban[]) {
  if (path.endsWith(".ts")) return [forbid(path, bans)];
  const inTests = bans.filter((one) => !liftedInTests.includes(one));
  return [forbid(`${path}/**/*.ts`, bans), forbid(`${path}/**/*.test.ts`, inTests)];
}

function forbid(files: string, patterns: readonly Ban[]) {
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns }] } };
}
