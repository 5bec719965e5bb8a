// Makes calls of the generated client: a list of [model, method, argument], or of [method, ...arguments] of the client
// itself, as JSON on standard input, their results as JSON on standard output. A list within the list is one transaction.
import { readFileSync } from "node:fs";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./client/index.js";

async function made(client, [name, ...rest]) {
  if (Array.isArray(name)) {
    return client.$transaction((transaction) => all(transaction, [name, ...rest]), { timeout: 60000 });
  }
  return name.startsWith("$") ? client[name](...rest) : client[name][rest[0]](rest[1]);
}

async function all(client, calls) {
  const results = [];
  for (const call of calls) results.push(await made(client, call));
  return results;
}

const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL });
const client = new PrismaClient({ adapter, errorFormat: "minimal" });
try {
  const results = await all(client, JSON.parse(readFileSync(0, "utf8")));
  console.log(JSON.stringify(results, (_, value) => (typeof value === "bigint" ? Number(value) : value)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await client.$disconnect();
}
