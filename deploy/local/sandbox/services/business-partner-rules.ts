import { randomUUID } from "node:crypto";
import type { Values } from "../model/field.ts";
import { refuseBusiness } from "../odata/sap-error.ts";
import type { TableRules } from "./table-rules.ts";

export const businessPartnerRules: TableRules = {
  prepareCreate(given, { database, user }) {
    const id = given["BusinessPartner"] || String(database.nextNumber("businessPartner", 20_000_000));
    const now = new Date().toISOString();
    return nameFully({
      ...given,
      BusinessPartner: id,
      Customer: id,
      BusinessPartnerGrouping: given["BusinessPartnerGrouping"] || "BP01",
      BusinessPartnerUUID: randomUUID(),
      CreationDate: now.slice(0, 10),
      CreationTime: now.slice(11, 19),
      CreatedByUser: user,
    });
  },
  prepareUpdate(before, after) {
    if (before["IsMarkedForArchiving"] === true && after["IsMarkedForArchiving"] === true) {
      throw refuseBusiness(
        "R11/260",
        `Business partner ${String(before["BusinessPartner"])} is marked for archiving and cannot be changed`,
      );
    }
    return nameFully({ ...after, LastChangeDate: new Date().toISOString().slice(0, 10) });
  },
};

export const businessPartnerAddressRules: TableRules = {
  prepareCreate(given, { database }) {
    if (database.table("businessPartner").get(String(given["BusinessPartner"])) === undefined) {
      throw refuseBusiness(
        "R1/216",
        `Business partner ${String(given["BusinessPartner"])} does not exist`,
        "BusinessPartner",
      );
    }
    return {
      ...given,
      AddressID: given["AddressID"] || String(database.nextNumber("address", 90_000)),
      AddressUUID: randomUUID(),
      ValidityStartDate: given["ValidityStartDate"] ?? Date.now(),
      ValidityEndDate: given["ValidityEndDate"] ?? Date.UTC(9999, 11, 31, 23, 59, 59),
    };
  },
  checkDelete(before, { database }) {
    const addresses = [
      ...database.table("businessPartnerAddress").find("BusinessPartner", before["BusinessPartner"] ?? null),
    ];
    if (addresses.length === 1)
      throw refuseBusiness("R1/424", "The standard address cannot be deleted: it is the only one");
  },
};

function nameFully(partner: Values): Values {
  const isPerson = partner["BusinessPartnerCategory"] === "1";
  const name = isPerson
    ? `${String(partner["FirstName"])} ${String(partner["LastName"])}`.trim()
    : String(partner["OrganizationBPName1"]);
  if (name === "" || (isPerson && partner["LastName"] === "")) {
    const field = isPerson ? "LastName" : "OrganizationBPName1";
    throw refuseBusiness("R11/401", "Enter a name for the business partner", field);
  }
  return { ...partner, BusinessPartnerFullName: name };
}
