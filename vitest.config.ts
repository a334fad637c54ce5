import { defineConfig } from "vitest/config";

const needRedis = ["**/*.redis.test.ts", "deploy/test/**/*.test.ts"];
const never = ["**/node_modules/**", "**/dist/**", "**/.types/**"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "unit", include: ["**/*.test.ts"], exclude: [...never, ...needRedis] } },
      {
        extends: true,
        test: {
          name: "integration",
          include: needRedis,
          exclude: never,
          globalSetup: ["deploy/test/provide-test-redis.ts"],
        },
      },
    ],
  },
});
