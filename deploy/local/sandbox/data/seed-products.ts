import type { Values } from "../model/field.ts";
import { createChoices } from "./random.ts";
import type { Choices } from "./random.ts";
import { dateOf } from "./seed-business-partners.ts";
import { awkwardProducts, productNouns, productNounsGerman, productTraits } from "./seed-words.ts";

const plainProductCount = 500;

export interface SeededProducts {
  readonly products: readonly Values[];
  readonly descriptions: readonly Values[];
}

export function seedProducts(seed: number): SeededProducts {
  const choices = createChoices(seed);
  const ids = [
    ...Array.from({ length: plainProductCount }, (_, at) => `TG${String(at + 1).padStart(4, "0")}`),
    ...awkwardProducts,
  ];
  const products: Values[] = [];
  const descriptions: Values[] = [];
  for (const [at, id] of ids.entries()) {
    products.push(makeProduct(id, at, choices));
    const noun = choices.integer(0, productNouns.length - 1);
    const trait = choices.pick(productTraits);
    descriptions.push({ Product: id, Language: "EN", ProductDescription: `${productNouns[noun]} ${trait}` });
    descriptions.push({ Product: id, Language: "DE", ProductDescription: `${productNounsGerman[noun]} ${trait}` });
  }
  return { products, descriptions };
}

function makeProduct(id: string, at: number, choices: Choices): Values {
  const netGrams = choices.integer(20, 90_000);
  const day = choices.integer(0, 2_000);
  return {
    Product: id,
    ProductType: choices.pick(["FERT", "HAWA", "ROH"]),
    ProductGroup: choices.pick(["L001", "L002", "L003", "P001"]),
    BaseUnit: choices.pick(["PC", "PC", "KG", "M"]),
    CrossPlantStatus: choices.chance(0.05) ? "02" : "",
    GrossWeight: thousandths(netGrams + choices.integer(1, 900)),
    NetWeight: thousandths(netGrams),
    WeightUnit: "KG",
    StandardPrice: `${choices.integer(1, 4_999)}.${String(choices.integer(0, 99)).padStart(2, "0")}`,
    Currency: "EUR",
    CountryOfOrigin: choices.pick(["DE", "FR", "US", "JP", "CN"]),
    IsMarkedForDeletion: choices.chance(0.02),
    // Above 2^53, and next to each other: read as a double, neighbours become one.
    ProductInternalID: 9_007_199_254_740_993n + BigInt(at),
    CreationDate: dateOf(day),
    CreatedByUser: choices.pick(["SMITHJ", "MUELLERA", "CB9980000012"]),
    LastChangeDateTime: Date.UTC(
      2019,
      0,
      1 + day,
      choices.integer(0, 23),
      choices.integer(0, 59),
      choices.integer(0, 59),
      choices.integer(0, 999),
    ),
  };
}

function thousandths(count: number): string {
  return `${Math.floor(count / 1_000)}.${String(count % 1_000).padStart(3, "0")}`;
}
