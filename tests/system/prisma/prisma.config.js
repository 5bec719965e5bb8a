// Prisma's command line with its engine from npm (WebAssembly, connected through `pg`) instead of a binary that it downloads.
import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import { defineConfig } from "prisma/config";

const CHAR = 18; // the object ids of PostgreSQL's types "char" and text
const TEXT = 25;

// Introspection reads the catalogue, whose columns of type "char" the adapter does not know.
class CatalogueAdapter extends PrismaPg {
  async connect() {
    const adapter = await super.connect();
    const performIO = adapter.performIO.bind(adapter);
    const queryRaw = adapter.queryRaw.bind(adapter);
    let characters = [];
    adapter.performIO = async (query) => {
      const result = await performIO(query);
      characters = result.fields.map((field) => field.dataTypeID === CHAR);
      result.fields.filter((field) => field.dataTypeID === CHAR).forEach((field) => (field.dataTypeID = TEXT));
      return result;
    };
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      result.columnTypes = result.columnTypes.map((type, i) => (characters[i] ? ColumnTypeEnum.Character : type));
      return result;
    };
    return adapter;
  }
}

export default defineConfig({
  schema: "schema.prisma",
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => new CatalogueAdapter({ connectionString: process.env.DATABASE_URL, idleTimeoutMillis: 100 }),
});
