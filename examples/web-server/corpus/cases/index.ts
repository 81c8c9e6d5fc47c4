/** All cases, in the order of the table. */
import type { Case } from "../case.ts";
import { conditional } from "./conditional.ts";
import { connection } from "./connection.ts";
import { contentLength } from "./content-length.ts";
import { fields } from "./fields.ts";
import { host } from "./host.ts";
import { methods } from "./methods.ts";
import { paths } from "./paths.ts";
import { range } from "./range.ts";
import { requestLine } from "./request-line.ts";
import { smuggling } from "./smuggling.ts";
import { transferEncoding } from "./transfer-encoding.ts";

export const cases: readonly Case[] = [
  ...requestLine,
  ...host,
  ...fields,
  ...contentLength,
  ...transferEncoding,
  ...smuggling,
  ...connection,
  ...methods,
  ...conditional,
  ...range,
  ...paths,
];
