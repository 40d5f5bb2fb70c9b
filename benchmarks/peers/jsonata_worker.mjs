// Runs a JSONata expression on request: a line of JSON in, a line of JSON out.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";

const jsonata = createRequire(process.argv[2] + "/")("jsonata");
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async () => JSON.parse((await lines.next()).value);
const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");

const { expression, tables, given } = await next();
const compiled = jsonata(readFileSync(expression, "utf-8"));
const text = JSON.stringify(given);
const toObject = () => compiled.evaluate(given, tables);
const toText = async () => JSON.stringify(await compiled.evaluate(JSON.parse(text), tables));
say({ answer: await toObject() });
for (;;) {
  const { done, value } = await lines.next();
  if (done) break;
  const { form, loops } = JSON.parse(value);
  const run = form === "bytes" ? toText : toObject;
  const start = process.cpuUsage();
  for (let index = 0; index < loops; index += 1) await run();
  const { user, system } = process.cpuUsage(start);
  say({ seconds: (user + system) / 1e6 });
}
