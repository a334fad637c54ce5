import type { Values } from "../model/field.ts";
import { createChoices } from "./random.ts";
import type { Choices } from "./random.ts";
import { companyForms, companyStems, firstNames, lastNames, places, streets } from "./seed-words.ts";

const partnerCount = 2_400;

export interface SeededPartners {
  readonly partners: readonly Values[];
  readonly addresses: readonly Values[];
}

export function seedBusinessPartners(seed: number): SeededPartners {
  const choices = createChoices(seed);
  const partners: Values[] = [];
  const addresses: Values[] = [];
  for (let at = 0; at < partnerCount; at++) {
    const partner = makePartner(String(10_000_000 + at), choices);
    partners.push(partner);
    for (let count = choices.chance(0.3) ? 2 : 1; count > 0; count--) {
      addresses.push(makeAddress(String(partner["BusinessPartner"]), String(20_000 + addresses.length), choices));
    }
  }
  return { partners, addresses };
}

function makePartner(id: string, choices: Choices): Values {
  const isPerson = choices.chance(0.25);
  const firstName = isPerson ? choices.pick(firstNames) : "";
  const lastName = isPerson ? choices.pick(lastNames) : "";
  const company = isPerson ? "" : `${choices.pick(companyStems)} ${choices.pick(companyForms)}`;
  const day = dateOf(choices.integer(0, 2_500));
  return {
    BusinessPartner: id,
    BusinessPartnerCategory: isPerson ? "1" : "2",
    BusinessPartnerFullName: isPerson ? `${firstName} ${lastName}` : company,
    OrganizationBPName1: company,
    FirstName: firstName,
    LastName: lastName,
    BusinessPartnerGrouping: choices.pick(["BP01", "BP02", "BPEE"]),
    SearchTerm1: (isPerson ? lastName : company).toUpperCase().slice(0, 20),
    Industry: choices.pick(["", "AUTO", "CHEM", "FOOD", "HIGHTECH", "RETAIL"]),
    CorrespondenceLanguage: choices.pick(["DE", "EN", "FR", "ES"]),
    Customer: id,
    BusinessPartnerIsBlocked: choices.chance(0.03),
    IsMarkedForArchiving: choices.chance(0.01),
    BusinessPartnerUUID: choices.guid(),
    CreationDate: day,
    CreationTime: timeOf(choices),
    CreatedByUser: choices.pick(["SMITHJ", "MUELLERA", "CB9980000012"]),
    LastChangeDate: choices.chance(0.5) ? day : null,
  };
}

function makeAddress(partner: string, id: string, choices: Choices): Values {
  const [country, region, city, postalCode, language] = choices.pick(places);
  return {
    BusinessPartner: partner,
    AddressID: id,
    AddressUUID: choices.guid(),
    StreetName: choices.pick(streets),
    HouseNumber: String(choices.integer(1, 240)),
    PostalCode: postalCode,
    CityName: city,
    Country: country,
    Region: region,
    Language: language,
    ValidityStartDate: Date.UTC(2018, 0, 1 + choices.integer(0, 2_000)),
    ValidityEndDate: Date.UTC(9999, 11, 31, 23, 59, 59),
  };
}

/** The date some days after 2019-01-01. */
export function dateOf(days: number): string {
  return new Date(Date.UTC(2019, 0, 1 + days)).toISOString().slice(0, 10);
}

export function timeOf(choices: Choices): string {
  return [choices.integer(0, 23), choices.integer(0, 59), choices.integer(0, 59)]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
