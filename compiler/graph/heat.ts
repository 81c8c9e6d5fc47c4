/** What a profile says of the parts of a picture. How it is found is `measure.ts`'s business, how it looks that of the formats. */
import type { Line } from "./picture.ts";

export interface Heat {
  /** By the id of the box. */
  readonly boxes: ReadonlyMap<string, BoxHeat>;
  readonly lines: ReadonlyMap<Line, LineHeat>;
  /** One sentence: what was measured. */
  readonly about: string;
}

export interface BoxHeat {
  /** 1 to 5, by its share of the time in all nodes. */
  readonly level: number;
  readonly share: number;
  readonly calls: number;
  /** Mean wall time of a call. */
  readonly nanoseconds: number;
  readonly text: string;
}

export interface LineHeat {
  /** How often flows took it. */
  readonly count: number;
  /** Of what left the box it begins at. */
  readonly share: number;
  /** Points. */
  readonly width: number;
  readonly text: string;
}
