import { defineField, defineText } from "../model/field.ts";
import type { TableDefinition } from "../model/table-definition.ts";

export const serviceCollectionTable: TableDefinition = {
  name: "serviceCollection",
  keys: ["ID"],
  indexes: [],
  fields: [
    defineText("ID", 60, "Identifier", { nullable: false }),
    defineText("Description", 60, "Description"),
    defineText("Title", 40, "External Service Name"),
    defineText("Author", 12, "Author"),
    defineField("TechnicalServiceVersion", "int32", "Version"),
    defineText("MetadataUrl", 255, "URL of the Metadata"),
    defineText("TechnicalServiceName", 40, "Technical Service Name"),
    defineText("ImageUrl", 255, "URL of an Image", { filterable: false, sortable: false }),
    defineText("ServiceUrl", 255, "URL of the Service"),
    defineField("UpdatedDate", "date", "Changed On"),
    defineText("ReleaseStatus", 20, "Release Status"),
    defineText("Category", 40, "Category"),
    defineField("IsSapService", "boolean", "SAP Service"),
  ],
};

export const serviceGroupTable: TableDefinition = {
  name: "serviceGroup",
  keys: ["GroupId"],
  indexes: [],
  fields: [
    defineText("GroupId", 40, "Service Group", { nullable: false }),
    defineText("Description", 60, "Description"),
  ],
};

export const groupSystemTable: TableDefinition = {
  name: "groupSystem",
  keys: ["GroupId", "SystemAlias"],
  indexes: ["GroupId"],
  fields: [
    defineText("GroupId", 40, "Service Group", { nullable: false }),
    defineText("SystemAlias", 16, "System Alias", { nullable: false }),
    defineText("Description", 60, "Description"),
  ],
};

export const groupServiceTable: TableDefinition = {
  name: "groupService",
  keys: ["GroupId", "ServiceId", "ServiceVersion"],
  indexes: ["GroupId"],
  fields: [
    defineText("GroupId", 40, "Service Group", { nullable: false }),
    defineText("ServiceId", 40, "Service", { nullable: false }),
    defineText("ServiceVersion", 4, "Version", { nullable: false }),
    defineText("ServiceAlias", 40, "Alias"),
    defineText("Description", 60, "Description"),
    defineText("ServiceUrl", 255, "URL of the Service"),
  ],
};
