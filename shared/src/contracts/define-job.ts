import type { z } from "zod";

/** What a job does to the SAP system: a read may run twice, a write must not. */
export type JobEffect = "read" | "write";

/**
 * The contract of one kind of job, known to gateway and worker alike. The name is also the job's name on the queue.
 * Contracts only grow: old and new processes overlap in every deployment, so a new field is optional.
 */
export interface JobContract<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
  readonly effect: (input: z.output<Input>) => JobEffect;
}

export function defineJob<Input extends z.ZodType, Output extends z.ZodType>(
  contract: JobContract<Input, Output>,
): JobContract<Input, Output> {
  return contract;
}

export type InputOf<C extends JobContract> = z.output<C["input"]>;
export type OutputOf<C extends JobContract> = z.output<C["output"]>;
