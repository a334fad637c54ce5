import { computed, defineField, defineText, fixed } from "../model/field.ts";
import type { TableDefinition } from "../model/table-definition.ts";

export const businessPartnerTable: TableDefinition = {
  name: "businessPartner",
  keys: ["BusinessPartner"],
  indexes: [],
  fields: [
    defineText("BusinessPartner", 10, "Business Partner", { nullable: false, upperCase: true, ...fixed }),
    defineText("BusinessPartnerCategory", 1, "Business Partner Category", {
      quickinfo: "1 = Person, 2 = Organization, 3 = Group",
      mandatory: true,
      ...fixed,
    }),
    defineText("BusinessPartnerFullName", 81, "Full Name", computed),
    defineText("OrganizationBPName1", 40, "Name 1"),
    defineText("FirstName", 40, "First Name"),
    defineText("LastName", 40, "Last Name"),
    defineText("BusinessPartnerGrouping", 4, "Grouping", { upperCase: true, ...fixed }),
    defineText("SearchTerm1", 20, "Search Term 1", { upperCase: true }),
    defineText("Industry", 10, "Industry Sector", { upperCase: true }),
    defineText("CorrespondenceLanguage", 2, "Correspondence Language", { upperCase: true }),
    defineText("Customer", 10, "Customer", computed),
    defineField("BusinessPartnerIsBlocked", "boolean", "Centrally Blocked"),
    defineField("IsMarkedForArchiving", "boolean", "Archiving Flag"),
    defineField("BusinessPartnerUUID", "guid", "Business Partner UUID", computed),
    defineField("CreationDate", "date", "Created On", computed),
    defineField("CreationTime", "time", "Created At", computed),
    defineText("CreatedByUser", 12, "Created By", computed),
    defineField("LastChangeDate", "date", "Changed On", computed),
  ],
};

export const businessPartnerAddressTable: TableDefinition = {
  name: "businessPartnerAddress",
  keys: ["BusinessPartner", "AddressID"],
  indexes: ["BusinessPartner"],
  fields: [
    defineText("BusinessPartner", 10, "Business Partner", { nullable: false, upperCase: true, ...fixed }),
    defineText("AddressID", 10, "Address Number", { nullable: false, ...fixed }),
    defineField("AddressUUID", "guid", "Address UUID", computed),
    defineText("StreetName", 60, "Street"),
    defineText("HouseNumber", 10, "House Number"),
    defineText("PostalCode", 10, "Postal Code"),
    defineText("CityName", 40, "City", { mandatory: true }),
    defineText("Country", 3, "Country/Region Key", { upperCase: true, mandatory: true }),
    defineText("Region", 3, "Region", { upperCase: true }),
    defineText("Language", 2, "Language Key", { upperCase: true }),
    defineField("ValidityStartDate", "timestamp", "Valid From"),
    defineField("ValidityEndDate", "timestamp", "Valid To"),
  ],
};
