/** All cases, in the order of the table. */
import type { Case } from "../case.ts";
import { fields } from "./fields.ts";
import { host } from "./host.ts";
import { requestLine } from "./request-line.ts";

export const cases: readonly Case[] = [...requestLine, ...host, ...fields];
