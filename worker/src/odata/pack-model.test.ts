import { expect, it } from "vitest";
import { modelV2, modelV4 } from "./fixtures/sample-models.ts";
import { packModel, unpackModel } from "./pack-model.ts";

it.each([
  ["V2", modelV2],
  ["V4", modelV4],
])("a %s model comes back from its text as it was", (_version, model) => {
  const unpacked = unpackModel(packModel(model));
  expect(unpacked).toEqual(model);
  for (const set of unpacked.entitySets.values()) expect(set.type).toBe(unpacked.types.get(set.type.name));
});
