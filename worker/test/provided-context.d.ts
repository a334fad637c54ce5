export {};

declare module "vitest" {
  interface ProvidedContext {
    readonly redisUrl: string;
  }
}
